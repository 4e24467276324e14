import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Build step: puts the libraries into the agent's jar.
 *
 * <p>An agent's jar is put on the class path of the JVM that it enters. So that the host finds neither our classes nor
 * our libraries there, all but the entry package moves below a folder of its own. The classes become one entry,
 * isolated/classes, which ClassPack of the entry package describes; their names are in isolated/classes.txt.
 * {@link LambdaClasses} replaces the lambdas of our classes, and {@link RecordMethods} writes the methods of records.
 *
 * <p>The copies of JNA and SLF4J lose their access to the host's system properties: they neither obey nor change them,
 * and so do not meet a copy of the host's.
 */
final class Isolate {
    private static final String ENTRY_PACKAGE = "io/github/csvbackup/agent/entry/";
    private static final String PREFIX = "isolated/";
    private static final String CLASS_SUFFIX = ".classdata";
    private static final String PROPERTIES = "io/github/csvbackup/agent/PrivateProperties";
    private static final Set<String> REDIRECTED = Set.of(
            "java/lang/System.getProperty", "java/lang/System.setProperty", "java/lang/Boolean.getBoolean");
    /** All that runs in a host. */
    private static final Pattern WITHOUT_LAMBDAS =
            Pattern.compile(PREFIX + "(io/(github/csvbackup|micrometer|prometheus)|org/(jolokia|slf4j))/");
    static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 25, 0, 0);

    /**
     * Of a library: what only says how it was built, Micrometer's instrumentation of other libraries, and Jolokia's own agent. The JVM reads
     * the name of each entry while the host starts. Licences are named in META-INF/licenses.
     */
    private static final Pattern NOT_NEEDED = Pattern.compile("META-INF/(MANIFEST\\.MF|maven/.*|native-image/.*"
            + "|.*\\.kotlin_module|LICENSE.*|NOTICE.*|AL2\\.0|LGPL2\\.1)|(.*/)?module-info\\.class"
            + "|io/micrometer/core/instrument/binder/[a-z0-9]+/.*|org/jolokia/jvmagent/.*");
    /**
     * Packages of which nearly all classes are loaded while a host starts, without those for the self test, TLS and texts on request. To
     * inflate them would cost it 2 percent more CPU.
     */
    private static final Pattern OF_THE_START = Pattern.compile("io\\.github\\.csvbackup\\."
            + "(?!agent\\.(AgentCheck|LeftoverCheck|ServerTls)|audit\\.Verifier|cluster\\.ClusterCheck"
            + "|management\\.(Explanation|VolumeTable)|security\\.Pe)"
            + "(watch|clear|guard|audit|state|security|threads|text|management|openmbean|agent|cluster|http\\.server)"
            + "\\.[A-Z].*");

    /** JNA comes with its native library for 27 systems. Windows needs it, and the tests of the jar on Linux. */
    private static final Pattern NEEDED_OF_JNA =
            Pattern.compile("com/sun/jna/(.*\\.class|(win32|linux)-(x86-64|aarch64)/.*)");

    /**
     * @param args the jar with the program's own classes, which is written over; how many bytes it may have; the class
     *     path of the program, of which all but the folders is put in
     */
    public static void main(String[] args) throws IOException {
        Path agent = Path.of(args[0]);
        long limit = Long.parseLong(args[1]);
        Map<String, byte[]> entries = new TreeMap<>();
        Manifest manifest;
        try (JarFile jar = new JarFile(agent.toFile())) {
            manifest = jar.getManifest();
            putAll(entries, jar);
        }
        int libraries = 0;
        for (String name : args[2].split(File.pathSeparator)) {
            File library = new File(name);
            if (!library.isDirectory()) {
                try (JarFile jar = new JarFile(library)) {
                    putAll(entries, jar);
                }
                libraries++;
            }
        }
        replaceLambdas(entries);
        if (libraries == 0) {
            throw new IllegalStateException("There is no library on the class path " + args[2] + ".");
        }
        write(agent, manifest, entries);
        if (Files.size(agent) >= limit) {
            throw new IllegalStateException(agent + " has " + Files.size(agent) + " bytes; less than " + limit
                    + " are allowed. Leave something out.");
        }
    }

    private static void replaceLambdas(Map<String, byte[]> entries) {
        Map<String, byte[]> classes = new TreeMap<>();
        entries.forEach((entry, content) -> {
            if (entry.endsWith(CLASS_SUFFIX) && WITHOUT_LAMBDAS.matcher(entry).lookingAt()) {
                classes.put(entry.substring(PREFIX.length(), entry.length() - CLASS_SUFFIX.length()), content);
            }
        });
        LambdaClasses.replaceIn(classes).forEach((name, content) -> entries.put(PREFIX + name + CLASS_SUFFIX, content));
    }

    private static void putAll(Map<String, byte[]> entries, JarFile jar) throws IOException {
        boolean jna = jar.getEntry("com/sun/jna/Native.class") != null;
        for (JarEntry entry : Collections.list(jar.entries())) {
            String name = entry.getName();
            boolean needed = jna ? NEEDED_OF_JNA.matcher(name).matches() : !NOT_NEEDED.matcher(name).matches();
            if (!entry.isDirectory() && needed) {
                byte[] content;
                try (InputStream in = jar.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                if (put(entries, name, content) != null) {
                    throw new IllegalStateException(jar.getName() + " holds " + name + ", which came from another jar.");
                }
            }
        }
    }

    private static byte[] put(Map<String, byte[]> entries, String name, byte[] content) throws IOException {
        if (name.startsWith(ENTRY_PACKAGE) || name.startsWith("META-INF/licenses/")) {
            return entries.put(name, content);
        }
        if (!name.endsWith(".class")) {
            return entries.put(PREFIX + name, content);
        }
        boolean library = name.startsWith("com/sun/jna/") || name.startsWith("org/slf4j/");
        String classFile = name.substring(0, name.length() - ".class".length());
        return entries.put(PREFIX + classFile + CLASS_SUFFIX, library ? withoutHostProperties(content) : content);
    }

    private static void write(Path to, Manifest manifest, Map<String, byte[]> entries) throws IOException {
        try (OutputStream file = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(9);
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            // A Manifest keeps no order; the main attributes are written sorted so that two builds agree.
            head.writeBytes("Manifest-Version: 1.0\r\n".getBytes(UTF_8));
            Map<String, String> sorted = new TreeMap<>();
            manifest.getMainAttributes().forEach((key, value) -> sorted.put(key.toString(), value.toString()));
            sorted.remove(Attributes.Name.MANIFEST_VERSION.toString());
            for (var line : sorted.entrySet()) {
                head.writeBytes((line.getKey() + ": " + line.getValue() + "\r\n")
                        .getBytes(UTF_8));
            }
            head.writeBytes("\r\n".getBytes(UTF_8));
            add(zip, JarFile.MANIFEST_NAME, head.toByteArray());
            Map<String, byte[]> classes = new TreeMap<>();
            for (var entry : entries.entrySet()) {
                String name = entry.getKey();
                if (name.startsWith(PREFIX) && name.endsWith(CLASS_SUFFIX)) {
                    classes.put(
                            name.substring(PREFIX.length(), name.length() - CLASS_SUFFIX.length()).replace('/', '.'),
                            entry.getValue());
                } else {
                    add(zip, name, entry.getValue());
                }
            }
            add(zip, PREFIX + "classes.txt", (String.join("\n", classes.keySet()) + "\n").getBytes(UTF_8));
            addStored(zip, PREFIX + "classes", pack(classes));
        }
    }

    private static byte[] pack(Map<String, byte[]> classes) throws IOException {
        Map<Long, byte[]> byKey = new TreeMap<>();
        for (var each : classes.entrySet()) {
            byte[] body = packed(
                    UnneededAttributes.leaveOut(each.getValue()), OF_THE_START.matcher(each.getKey()).lookingAt());
            if (byKey.put(key(each.getKey()), body) != null) {
                throw new IllegalStateException("Two classes have the same key; one is " + each.getKey() + ".");
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(byKey.size());
        for (long key : byKey.keySet()) {
            out.writeLong(key);
        }
        int begin = 0;
        for (byte[] body : byKey.values()) {
            out.writeInt(begin);
            begin += body.length;
        }
        out.writeInt(begin);
        for (byte[] body : byKey.values()) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    /** FNV-1a, 64 bits, as in ClassPack. */
    private static long key(String name) {
        long key = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            key = (key ^ name.charAt(i)) * 0x100000001b3L;
        }
        return key;
    }

    private static byte[] packed(byte[] classFile, boolean isOfTheStart) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeInt(classFile.length);
        byte[] deflated = isOfTheStart ? classFile : deflated(classFile);
        // The one who reads it knows by its size whether it is deflated.
        bytes.write(deflated.length < classFile.length ? deflated : classFile);
        return bytes.toByteArray();
    }

    private static byte[] deflated(byte[] classFile) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(classFile);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void addStored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** The class with its calls for system properties bent to {@code PrivateProperties}, by its constant pool alone. */
    private static byte[] withoutHostProperties(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.readInt();
        in.readInt();
        int count = in.readUnsignedShort();
        int[] tag = new int[count];
        int[] first = new int[count];
        int[] second = new int[count];
        int[] offset = new int[count];
        String[] text = new String[count];
        for (int i = 1; i < count; i++) {
            offset[i] = classFile.length - in.available();
            tag[i] = in.readUnsignedByte();
            switch (tag[i]) {
                case 1 -> text[i] = in.readUTF();
                case 3, 4 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    i++;
                }
                case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                case 9, 10, 11, 12, 17, 18 -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
                case 15 -> {
                    first[i] = in.readUnsignedByte();
                    second[i] = in.readUnsignedShort();
                }
                default -> throw new IOException("Unknown constant pool tag " + tag[i]);
            }
        }
        int poolEnd = classFile.length - in.available();
        byte[] changed = classFile.clone();
        boolean any = false;
        for (int i = 1; i < count; i++) {
            if (tag[i] == 10 && REDIRECTED.contains(text[first[first[i]]] + "." + text[first[second[i]]])) {
                changed[offset[i] + 1] = (byte) ((count + 1) >> 8);
                changed[offset[i] + 2] = (byte) (count + 1);
                any = true;
            }
        }
        if (!any) {
            return classFile;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(changed, 0, 8);
        out.writeShort(count + 2);
        out.write(changed, 10, poolEnd - 10);
        out.writeByte(1);
        out.writeUTF(PROPERTIES);
        out.writeByte(7);
        out.writeShort(count);
        out.write(changed, poolEnd, changed.length - poolEnd);
        return bytes.toByteArray();
    }
}
