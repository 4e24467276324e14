// Some panels of grafana/dashboard.json, drawn with Grafana's own components from the query results in the story of PrometheusIT.
// These components include neither the state timeline nor tables, so the verdict is drawn as a time series.
import { createTheme, dateTime, EventBusSrv, FieldType, getDisplayProcessor, ThemeContext, toDataFrame, getFieldDisplayName } from '@grafana/data';
import { GraphDrawStyle, LegendDisplayMode, LineInterpolation } from '@grafana/schema';
import { BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, PanelContextProvider, TimeSeries } from '@grafana/ui';
import { createRoot } from 'react-dom/client';

const theme = createTheme({ colors: { mode: 'dark' } });
const panels = new Map(DASHBOARD.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).map((panel) => [panel.title, panel]));
const answers = (where) => STORY[where].data.result;
const times = Object.values(STORY).flatMap((answer) => answer.data.result).flatMap((series) => series.values.map(([time]) => time));
const range = { from: dateTime(Math.min(...times) * 1000), to: dateTime(Math.max(...times) * 1000) };
range.raw = { from: range.from, to: range.to };

// The single numbers are from a moment when the stale state had been visible for a while.
const staleTimes = answers('Stale volumes A').flatMap((series) => series.values).filter(([, value]) => Number(value) > 0);
const moment = staleTimes[Math.floor(staleTimes.length * 0.7)][0];

function config(panel) {
  return { ...panel.fieldConfig.defaults, custom: { ...panel.fieldConfig.defaults.custom } };
}

function Box({ title, width, height, children }) {
  return (
    <div style={{ width, height, boxSizing: 'border-box', background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}`, borderRadius: 2 }}>
      <div style={{ padding: '6px 10px', font: `500 13px ${theme.typography.fontFamily}`, color: theme.colors.text.primary }}>{title}</div>
      {children}
    </div>
  );
}

function Stat({ title, width }) {
  const panel = panels.get(title);
  const at = (series) => series.values.filter(([time]) => time <= moment).at(-1);
  const values = answers(`${title} A`).map(at).filter(Boolean).map(([, value]) => Number(value));
  const process = getDisplayProcessor({ field: { type: FieldType.number, config: config(panel) }, theme });
  const value = values.length > 0 ? process(values[0]) : { numeric: NaN, text: panel.fieldConfig.defaults.noValue ?? 'No data', color: theme.colors.text.secondary };
  return (
    <Box title={title} width={width} height={130}>
      <BigValue theme={theme} width={width - 2} height={98} value={value} colorMode={BigValueColorMode.Value} graphMode={BigValueGraphMode.None} justifyMode={BigValueJustifyMode.Center} />
    </Box>
  );
}

function Series({ title, width, height, label, step }) {
  const panel = panels.get(title);
  const frames = answers(`${title} A`).map((series) =>
    toDataFrame({
      fields: [
        { name: 'Time', type: FieldType.time, values: series.values.map(([time]) => time * 1000), config: {} },
        {
          name: 'Value',
          type: FieldType.number,
          values: series.values.map(([, value]) => Number(value)),
          config: {
            ...config(panel),
            displayName: label(series.metric),
            color: { mode: 'palette-classic' },
            custom: { drawStyle: GraphDrawStyle.Line, lineWidth: 2, fillOpacity: 12, lineInterpolation: step ? LineInterpolation.StepAfter : LineInterpolation.Linear, showPoints: 'never' },
          },
        },
      ],
    })
  );
  frames.forEach((frame, index) => {
    const field = frame.fields[1];
    field.state = { seriesIndex: index };
    field.display = getDisplayProcessor({ field, theme });
    frame.fields[0].display = getDisplayProcessor({ field: frame.fields[0], theme, timeZone: 'utc' });
    getFieldDisplayName(field, frame, frames);
  });
  return (
    <Box title={title} width={width} height={height}>
      <PanelContextProvider value={{ eventsScope: 'picture', eventBus: new EventBusSrv() }}>
        <TimeSeries frames={frames} timeRange={range} timeZone="utc" width={width - 12} height={height - 34} structureRev={1} legend={{ displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] }} options={{}} tweakScale={(options) => options} tweakAxis={(options) => options} />
      </PanelContextProvider>
    </Box>
  );
}

const volume = (metric) => `${metric.cluster} ${metric.volume}`;
const rowStyle = { display: 'flex', gap: 8, marginBottom: 8 };
createRoot(document.getElementById('root')).render(
  <ThemeContext.Provider value={theme}>
    <div style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary, padding: 12, width: 1176, height: 736 }}>
      <div style={{ font: `12px ${theme.typography.fontFamily}`, color: theme.colors.text.secondary, marginBottom: 10 }}>
        Panels of grafana/dashboard.json, drawn with Grafana&apos;s components from the data of a test with short times; not a Grafana screenshot
      </div>
      <div style={rowStyle}>
        {['Stale volumes', 'In progress', 'Oldest state', 'Agents not responding', 'Unwatched clusters'].map((title) => <Stat key={title} title={title} width={228.8} />)}
      </div>
      <div style={rowStyle}>
        <Series title="Verdict per volume" width={584} height={270} label={volume} step />
        <Series title="Age of the states" width={584} height={270} label={volume} />
      </div>
      <div style={rowStyle}>
        <Series title="Requests to clear by outcome" width={386.6} height={270} label={(metric) => metric.outcome} step />
        <Series title="Differencing disks of leftovers" width={386.6} height={270} label={volume} />
        <Series title="Time since the last successful poll" width={386.6} height={270} label={(metric) => `${metric.cluster} ${metric.instance}`} />
      </div>
    </div>
  </ThemeContext.Provider>
);
