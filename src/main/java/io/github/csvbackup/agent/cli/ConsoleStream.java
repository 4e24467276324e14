package io.github.csvbackup.agent.cli;

import io.github.csvbackup.text.OutsideText;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;

/** Writes characters that its charset does not have as {@code \}{@code u00fc} instead of a question mark. */
final class ConsoleStream extends PrintStream {
    private final CharsetEncoder encoder;

    ConsoleStream(OutputStream out, Charset charset) {
        super(out, true, charset);
        this.encoder = charset.newEncoder();
    }

    /** Standard output in the charset of the console. */
    static PrintStream out() {
        return new ConsoleStream(System.out, charset("stdout"));
    }

    /** Standard error in the charset of the console. */
    static PrintStream err() {
        return new ConsoleStream(System.err, charset("stderr"));
    }

    /** As Java chooses it: the first property since Java 19, the second on a console in earlier versions, otherwise the default charset. */
    private static Charset charset(String stream) {
        String name = System.getProperty(stream + ".encoding", System.getProperty("sun." + stream + ".encoding", ""));
        boolean usable = !name.isEmpty()
                && Charset.isSupported(name)
                && Charset.forName(name).canEncode();
        return usable ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** println, printf and append also call this, since this is a subclass of PrintStream. */
    @Override
    public void print(String text) {
        super.print(encodable(text));
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    private synchronized String encodable(String text) {
        if (encoder.canEncode(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            if (encoder.canEncode(character)) {
                out.append(character);
            } else {
                character.chars().forEach(unit -> OutsideText.escape(out, (char) unit));
            }
        });
        return out.toString();
    }
}
