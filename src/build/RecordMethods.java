import java.lang.runtime.ObjectMethods;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Build step: writes equals, hashCode and toString of records, as a programmer would.
 *
 * <p>Otherwise the JVM puts each together from method handles when it is first called, which costs CPU at the start, and
 * runs them slowly until they are compiled, which takes hours in an agent that works once in ten seconds.
 *
 * <p>The results are those of ObjectMethods, in JDK 17 and 25.
 */
final class RecordMethods extends ClassVisitor {
    private static final String BOOTSTRAP = Type.getInternalName(ObjectMethods.class);
    private static final String BUILDER = "java/lang/StringBuilder";

    private String name;
    /** The calls of this class, by function: equals, hashCode, toString. */
    private final Map<String, Call> calls = new TreeMap<>();

    /** @param about the record's class, the names of its components, and a getter for each */
    private record Call(String site, Object... about) {}

    RecordMethods(ClassVisitor next) {
        super(Opcodes.ASM9, next);
    }

    @Override
    public void visit(int version, int access, String className, String signature, String parent, String[] interfaces) {
        name = className;
        super.visit(version, access, className, signature, parent, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitInvokeDynamicInsn(String function, String site, Handle bootstrap, Object... about) {
                if (bootstrap.getOwner().equals(BOOTSTRAP)) {
                    calls.put(function, new Call(site, about));
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, name, methodFor(function), site, false);
                } else {
                    super.visitInvokeDynamicInsn(function, site, bootstrap, about);
                }
            }
        };
    }

    private static String methodFor(String function) {
        return "record$" + function;
    }

    @Override
    public void visitEnd() {
        calls.forEach((function, call) -> {
            int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
            MethodVisitor code = super.visitMethod(access, methodFor(function), call.site, null, null);
            code.visitCode();
            switch (function) {
                case "equals" -> writeEquals(code, call);
                case "hashCode" -> writeHashCode(code, call);
                case "toString" -> writeToString(code, call);
                default -> throw new IllegalArgumentException("Unknown method of a record: " + function);
            }
            code.visitEnd();
        });
        super.visitEnd();
    }

    private void writeEquals(MethodVisitor code, Call call) {
        Label same = new Label();
        Label different = new Label();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitJumpInsn(Opcodes.IF_ACMPEQ, same);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitTypeInsn(Opcodes.INSTANCEOF, name);
        code.visitJumpInsn(Opcodes.IFEQ, different);
        for (int i = 2; i < call.about.length; i++) {
            Handle getter = (Handle) call.about[i];
            code.visitVarInsn(Opcodes.ALOAD, 0);
            get(code, getter);
            code.visitVarInsn(Opcodes.ALOAD, 1);
            code.visitTypeInsn(Opcodes.CHECKCAST, name);
            get(code, getter);
            Type type = Type.getType(getter.getDesc());
            switch (type.getSort()) {
                case Type.BOOLEAN, Type.BYTE, Type.SHORT, Type.CHAR, Type.INT ->
                    code.visitJumpInsn(Opcodes.IF_ICMPNE, different);
                case Type.LONG -> {
                    code.visitInsn(Opcodes.LCMP);
                    code.visitJumpInsn(Opcodes.IFNE, different);
                }
                case Type.FLOAT, Type.DOUBLE -> {
                    String descriptor = "(" + type + type + ")I";
                    code.visitMethodInsn(Opcodes.INVOKESTATIC, Primitives.boxOf(type), "compare", descriptor, false);
                    code.visitJumpInsn(Opcodes.IFNE, different);
                }
                default -> {
                    String descriptor = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
                    code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/util/Objects", "equals", descriptor, false);
                    code.visitJumpInsn(Opcodes.IFEQ, different);
                }
            }
        }
        code.visitLabel(same);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(different);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(4, 2);
    }

    private static void writeHashCode(MethodVisitor code, Call call) {
        code.visitInsn(Opcodes.ICONST_0);
        for (int i = 2; i < call.about.length; i++) {
            Handle getter = (Handle) call.about[i];
            code.visitIntInsn(Opcodes.BIPUSH, 31);
            code.visitInsn(Opcodes.IMUL);
            code.visitVarInsn(Opcodes.ALOAD, 0);
            get(code, getter);
            Type type = Type.getType(getter.getDesc());
            String owner = Primitives.isPrimitive(type) ? Primitives.boxOf(type) : "java/util/Objects";
            String descriptor = "(" + (Primitives.isPrimitive(type) ? type.getDescriptor() : "Ljava/lang/Object;") + ")I";
            code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, "hashCode", descriptor, false);
            code.visitInsn(Opcodes.IADD);
        }
        code.visitInsn(Opcodes.IRETURN);
        code.visitMaxs(3, 1);
    }

    private void writeToString(MethodVisitor code, Call call) {
        String[] names = call.about[1].toString().split(";", -1);
        code.visitTypeInsn(Opcodes.NEW, BUILDER);
        code.visitInsn(Opcodes.DUP);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "()V", false);
        code.visitLdcInsn(Type.getObjectType(name));
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Class", "getSimpleName", "()Ljava/lang/String;", false);
        append(code, "Ljava/lang/String;");
        String before = "[";
        for (int i = 2; i < call.about.length; i++) {
            code.visitLdcInsn(before + names[i - 2] + "=");
            append(code, "Ljava/lang/String;");
            Handle getter = (Handle) call.about[i];
            code.visitVarInsn(Opcodes.ALOAD, 0);
            get(code, getter);
            Type type = Type.getType(getter.getDesc());
            boolean isSmall = type.equals(Type.BYTE_TYPE) || type.equals(Type.SHORT_TYPE);
            append(code, isSmall ? "I" : Primitives.isPrimitive(type) ? type.getDescriptor() : "Ljava/lang/Object;");
            before = ", ";
        }
        code.visitLdcInsn(call.about.length > 2 ? "]" : "[]");
        append(code, "Ljava/lang/String;");
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(3, 1);
    }

    private static void append(MethodVisitor code, String type) {
        String descriptor = "(" + type + ")L" + BUILDER + ";";
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUILDER, "append", descriptor, false);
    }

    private static void get(MethodVisitor code, Handle getter) {
        code.visitFieldInsn(Opcodes.GETFIELD, getter.getOwner(), getter.getName(), getter.getDesc());
    }
}
