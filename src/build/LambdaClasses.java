import java.lang.invoke.LambdaMetafactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Build step: turns lambdas and method references into classes, as javac did before Java 8.
 *
 * <p>In the same pass {@link RecordMethods} writes the methods of records.
 *
 * <p>The JVM creates such a class itself when it first meets the lambda. The agent needs about 190 of them to start, and
 * creating them takes a tenth to a seventh of the CPU that the host needs until the first answer.
 *
 * <p>A class for a lambda holds the captured values in fields, and calls the method that javac made of the lambda's
 * body. That method is private; the new class may call it as a member of the same nest (JVM specification, 4.7.28).
 */
final class LambdaClasses {
    private static final String METAFACTORY = Type.getInternalName(LambdaMetafactory.class);
    private static final String OBJECT = "java/lang/Object";
    private static final String CREATE = "create";

    private final Map<String, byte[]> created = new TreeMap<>();
    /** The new members of each nest, by its host. */
    private final Map<String, Set<String>> members = new TreeMap<>();

    private LambdaClasses() {}

    /**
     * The same classes without lambdas, and those that replace the lambdas.
     *
     * @param classes by internal name; with all members of each nest
     */
    static Map<String, byte[]> replaceIn(Map<String, byte[]> classes) {
        LambdaClasses replacing = new LambdaClasses();
        Map<String, byte[]> all = new TreeMap<>();
        classes.forEach((name, content) -> all.put(name, replacing.withoutLambdas(content)));
        replacing.members.forEach((host, added) -> all.compute(host, (name, content) -> withMembers(content, added)));
        all.putAll(replacing.created);
        return all;
    }

    private byte[] withoutLambdas(byte[] content) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(content).accept(new RecordMethods(new Replacing(writer)), 0);
        return writer.toByteArray();
    }

    private static byte[] withMembers(byte[] content, Set<String> added) {
        ClassReader reader = new ClassReader(content);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visitEnd() {
                        // A ClassWriter takes the parts of a class in any order.
                        added.forEach(this::visitNestMember);
                        super.visitEnd();
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** Calls the method {@code create} of a new class where the lambda was. */
    private final class Replacing extends ClassVisitor {
        private String name;
        private String host;
        private int lambdas;

        Replacing(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(
                int version, int access, String className, String signature, String parent, String[] interfaces) {
            name = className;
            host = className;
            // Members of a nest exist since Java 11; libraries may be older. Lambdas exist since Java 8.
            int withNests = version < Opcodes.V1_8 ? version : Math.max(version, Opcodes.V11);
            super.visit(withNests, access, className, signature, parent, interfaces);
        }

        @Override
        public void visitNestHost(String nestHost) {
            host = nestHost;
            super.visitNestHost(nestHost);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitInvokeDynamicInsn(String function, String site, Handle bootstrap, Object... about) {
                    // The other one, altMetafactory, makes lambdas that are serializable or have several interfaces.
                    if (!bootstrap.getOwner().equals(METAFACTORY) || !bootstrap.getName().equals("metafactory")) {
                        super.visitInvokeDynamicInsn(function, site, bootstrap, about);
                        return;
                    }
                    lambdas++;
                    String lambda = name + "$$Lambda$" + lambdas;
                    created.put(
                            lambda,
                            new LambdaClass(lambda, host, site)
                                    .of(function, (Type) about[0], (Handle) about[1], (Type) about[2]));
                    members.computeIfAbsent(host, key -> new TreeSet<>()).add(lambda);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, lambda, CREATE, site, false);
                }
            };
        }
    }

    /**
     * Writes the class of one lambda.
     *
     * @param site what the lambda captures, and the interface that it becomes, as a method descriptor
     */
    private record LambdaClass(String name, String host, String site) {
        private static final String INSTANCE = "INSTANCE";

        /**
         * @param function the method of the interface
         * @param erased the types of that method
         * @param body what is called
         * @param typed the types of that method for this lambda
         */
        byte[] of(String function, Type erased, Handle body, Type typed) {
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            String[] interfaces = {Type.getReturnType(site).getInternalName()};
            int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
            writer.visit(Opcodes.V17, access, name, null, OBJECT, interfaces);
            writer.visitNestHost(host);
            writeConstructor(writer);
            writeCreate(writer);
            writeFunction(writer.visitMethod(Opcodes.ACC_PUBLIC, function, erased.getDescriptor(), null, null),
                    erased, body, typed);
            writer.visitEnd();
            return writer.toByteArray();
        }

        private Type[] captured() {
            return Type.getArgumentTypes(site);
        }

        private String constructor() {
            return Type.getMethodDescriptor(Type.VOID_TYPE, captured());
        }

        private void writeConstructor(ClassWriter writer) {
            MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", constructor(), null, null);
            code.visitCode();
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
            int slot = 1;
            for (int i = 0; i < captured().length; i++) {
                Type type = captured()[i];
                writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, field(i), type.getDescriptor(), null, null)
                        .visitEnd();
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
                code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), type.getDescriptor());
                slot += type.getSize();
            }
            end(code, Opcodes.RETURN);
        }

        /** A lambda that captures nothing has one instance, as in the JDK. */
        private void writeCreate(ClassWriter writer) {
            String own = "L" + name + ";";
            boolean single = captured().length == 0;
            if (single) {
                int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
                writer.visitField(access, INSTANCE, own, null, null).visitEnd();
                MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
                code.visitCode();
                writeNew(code);
                code.visitFieldInsn(Opcodes.PUTSTATIC, name, INSTANCE, own);
                end(code, Opcodes.RETURN);
            }
            MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, CREATE, site, null, null);
            code.visitCode();
            if (single) {
                code.visitFieldInsn(Opcodes.GETSTATIC, name, INSTANCE, own);
            } else {
                writeNew(code);
            }
            end(code, Opcodes.ARETURN);
        }

        private void writeNew(MethodVisitor code) {
            code.visitTypeInsn(Opcodes.NEW, name);
            code.visitInsn(Opcodes.DUP);
            int slot = 0;
            for (Type type : captured()) {
                code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
                slot += type.getSize();
            }
            code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor(), false);
        }

        private void writeFunction(MethodVisitor code, Type erased, Handle body, Type typed) {
            code.visitCode();
            if (body.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
                code.visitTypeInsn(Opcodes.NEW, body.getOwner());
                code.visitInsn(Opcodes.DUP);
            }
            List<Type> wanted = parametersOf(body);
            Type[] captured = captured();
            for (int i = 0; i < captured.length; i++) {
                code.visitVarInsn(Opcodes.ALOAD, 0);
                code.visitFieldInsn(Opcodes.GETFIELD, name, field(i), captured[i].getDescriptor());
                convert(code, captured[i], wanted.get(i));
            }
            int slot = 1;
            for (int i = 0; i < erased.getArgumentTypes().length; i++) {
                Type given = erased.getArgumentTypes()[i];
                Type declared = typed.getArgumentTypes()[i];
                code.visitVarInsn(given.getOpcode(Opcodes.ILOAD), slot);
                convert(code, given, declared);
                convert(code, declared, wanted.get(captured.length + i));
                slot += given.getSize();
            }
            code.visitMethodInsn(
                    opcode(body), body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
            writeReturn(code, resultOf(body), typed.getReturnType(), erased.getReturnType());
        }

        private static void writeReturn(MethodVisitor code, Type result, Type declared, Type returned) {
            if (returned.equals(Type.VOID_TYPE)) {
                if (result.getSize() > 0) {
                    code.visitInsn(result.getSize() == 1 ? Opcodes.POP : Opcodes.POP2);
                }
            } else {
                convert(code, result, declared);
                convert(code, declared, returned);
            }
            end(code, returned.getOpcode(Opcodes.IRETURN));
        }

        /** With the object whose method it is. */
        private static List<Type> parametersOf(Handle body) {
            List<Type> types = new ArrayList<>();
            if (body.getTag() != Opcodes.H_INVOKESTATIC && body.getTag() != Opcodes.H_NEWINVOKESPECIAL) {
                types.add(Type.getObjectType(body.getOwner()));
            }
            types.addAll(List.of(Type.getArgumentTypes(body.getDesc())));
            return types;
        }

        private static Type resultOf(Handle body) {
            return body.getTag() == Opcodes.H_NEWINVOKESPECIAL
                    ? Type.getObjectType(body.getOwner())
                    : Type.getReturnType(body.getDesc());
        }

        private static int opcode(Handle body) {
            return switch (body.getTag()) {
                case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
                // A private method of the nest is called like any other (JVM specification, invokevirtual).
                case Opcodes.H_INVOKEVIRTUAL, Opcodes.H_INVOKESPECIAL, Opcodes.H_INVOKEINTERFACE ->
                    body.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
                default -> throw new IllegalArgumentException("Unknown kind of method handle: " + body);
            };
        }

        private static String field(int number) {
            return "captured" + number;
        }

        private static void end(MethodVisitor code, int opcode) {
            code.visitInsn(opcode);
            code.visitMaxs(0, 0);
            code.visitEnd();
        }

        // The conversions of LambdaMetafactory: casts, boxing, unboxing and widening.

        private static void convert(MethodVisitor code, Type from, Type to) {
            if (from.equals(to)) {
                return;
            }
            if (Primitives.isPrimitive(from) && Primitives.isPrimitive(to)) {
                widen(code, from, to);
            } else if (Primitives.isPrimitive(from)) {
                box(code, from);
            } else if (Primitives.isPrimitive(to)) {
                unbox(code, from, to);
            } else if (!to.getInternalName().equals(OBJECT)) {
                code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
            }
        }

        private static void box(MethodVisitor code, Type primitive) {
            String box = Primitives.boxOf(primitive);
            String descriptor = "(" + primitive.getDescriptor() + ")L" + box + ";";
            code.visitMethodInsn(Opcodes.INVOKESTATIC, box, "valueOf", descriptor, false);
        }

        private static void unbox(MethodVisitor code, Type from, Type to) {
            Type primitive = to;
            for (Type each : List.of(Type.INT_TYPE, Type.LONG_TYPE, Type.SHORT_TYPE, Type.BYTE_TYPE, Type.CHAR_TYPE,
                    Type.FLOAT_TYPE, Type.DOUBLE_TYPE, Type.BOOLEAN_TYPE)) {
                if (from.getInternalName().equals(Primitives.boxOf(each))) {
                    primitive = each;
                }
            }
            String box = Primitives.boxOf(primitive);
            if (!from.getInternalName().equals(box)) {
                // A type above that of the box, such as Object.
                boolean isNumber = primitive.getSort() != Type.BOOLEAN && primitive.getSort() != Type.CHAR;
                box = isNumber ? "java/lang/Number" : box;
                code.visitTypeInsn(Opcodes.CHECKCAST, box);
            }
            String method = primitive.getClassName() + "Value";
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, box, method, "()" + primitive.getDescriptor(), false);
            widen(code, primitive, to);
        }

        private static void widen(MethodVisitor code, Type from, Type to) {
            if (from.equals(to) || (isInt(from) && to.equals(Type.INT_TYPE))) {
                return;
            }
            if (isInt(from) && to.equals(Type.LONG_TYPE)) {
                code.visitInsn(Opcodes.I2L);
            } else if (isInt(from) && to.equals(Type.DOUBLE_TYPE)) {
                code.visitInsn(Opcodes.I2D);
            } else if (from.equals(Type.LONG_TYPE) && to.equals(Type.DOUBLE_TYPE)) {
                code.visitInsn(Opcodes.L2D);
            } else {
                throw new IllegalArgumentException("Add the conversion from " + from + " to " + to + " here");
            }
        }

        private static boolean isInt(Type type) {
            return List.of(Type.INT, Type.SHORT, Type.BYTE, Type.CHAR).contains(type.getSort());
        }
    }
}
