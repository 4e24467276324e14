// Writes a dashboard as TypeScript with Grafana's own type for each part, so that tsc finds misspelt and wrong fields.
// The dashboard is a literal, not an import of the JSON: tsc reports unknown fields only for literals.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [source, destination] = process.argv.slice(2);
const dashboard = JSON.parse(readFileSync(source, 'utf8'));
const panels = dashboard.panels.filter((panel) => panel.type !== 'row');

const names = {
  stat: ['stat', 'Stat'],
  table: ['table', 'Table'],
  bargauge: ['bargauge', 'BarGauge'],
  heatmap: ['heatmap', 'Heatmap'],
  timeseries: ['timeseries', 'TimeSeries'],
  'state-timeline': ['statetimeline', 'StateTimeline'],
};
const queries = [];
const texts = [];
const withFieldConfig = new Set(['table', 'heatmap', 'timeseries', 'state-timeline']);

const lines = [
  "import type { Dashboard, DataQuery } from '@grafana/schema';",
];
for (const type of new Set(panels.map((panel) => panel.type))) {
  if (!names[type]) {
    throw new Error(`Panel type ${type} has no types here: add it to the names above.`);
  }
  const [folder, name] = names[type];
  lines.push(
    `import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${folder}/panelcfg/x/${name}PanelCfg_types.gen';`,
  );
}

// The queries and the texts of annotations belong to the data source; Grafana publishes no types for them.
const annotations = dashboard.annotations.list.map(({ target, titleFormat, textFormat, tagKeys, ...grafanas }) => {
  texts.push({ titleFormat, textFormat, tagKeys });
  queries.push(target);
  return grafanas;
});
queries.push(...panels.flatMap((panel) => panel.targets));

lines.push(
  // The JSON contains the values of Grafana's enums, not their names.
  'type Plain<T> = T extends string ? `${T}` : T extends readonly (infer U)[] ? Plain<U>[]',
  '  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;',
  `export const dashboard: Plain<Dashboard> = ${JSON.stringify({ ...dashboard, annotations: { list: annotations } }, null, 2)};`,
  'type PrometheusQuery = DataQuery & { expr: string; editorMode: "code"; range?: boolean; instant?: boolean; legendFormat?: string;',
  '  format?: "time_series" | "table" | "heatmap"; interval?: string };',
  `export const queries: PrometheusQuery[] = ${JSON.stringify(queries, null, 2)};`,
  'type Texts = { titleFormat: string; textFormat: string; tagKeys: string };',
  `export const texts: Texts[] = ${JSON.stringify(texts, null, 2)};`,
);
for (const panel of panels) {
  const name = names[panel.type][1];
  const what = `_${panel.id}`;
  lines.push(`export const options${what}: Plain<Partial<${name}.Options>> = ${JSON.stringify(panel.options)};`);
  if (withFieldConfig.has(panel.type)) {
    const type = panel.type === 'table' ? "import('@grafana/schema').TableFieldOptions" : `${name}.FieldConfig`;
    lines.push(
      `export const custom${what}: Plain<Partial<${type}>> = ${JSON.stringify(panel.fieldConfig.defaults.custom ?? {})};`,
    );
  }
}
mkdirSync(dirname(destination), { recursive: true });
writeFileSync(destination, lines.join('\n') + '\n');
