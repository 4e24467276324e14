import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;
import org.objectweb.asm.TypePath;

/**
 * Leaves out what nothing reads while the agent runs, but each host would have to inflate and parse while it starts: the names of local variables,
 * and annotations of types, such as Nullable. Line numbers and the names of parameters stay.
 */
final class UnneededAttributes {
    private static final int API = Opcodes.ASM9;

    private UnneededAttributes() {}

    static byte[] leaveOut(byte[] classFile) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(classFile).accept(new OfClass(writer), 0);
        return writer.toByteArray();
    }

    private static final class OfClass extends ClassVisitor {
        OfClass(ClassVisitor next) {
            super(API, next);
        }

        @Override
        public AnnotationVisitor visitTypeAnnotation(int reference, TypePath path, String type, boolean visible) {
            return null;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
            return new FieldVisitor(API, super.visitField(access, name, type, signature, value)) {
                @Override
                public AnnotationVisitor visitTypeAnnotation(
                        int reference, TypePath path, String annotation, boolean visible) {
                    return null;
                }
            };
        }

        @Override
        public RecordComponentVisitor visitRecordComponent(String name, String type, String signature) {
            return new RecordComponentVisitor(API, super.visitRecordComponent(name, type, signature)) {
                @Override
                public AnnotationVisitor visitTypeAnnotation(
                        int reference, TypePath path, String annotation, boolean visible) {
                    return null;
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            return new OfMethod(super.visitMethod(access, name, type, signature, thrown));
        }
    }

    private static final class OfMethod extends MethodVisitor {
        OfMethod(MethodVisitor next) {
            super(API, next);
        }

        @Override
        public void visitLocalVariable(
                String name, String type, String signature, Label start, Label end, int index) {}

        @Override
        public AnnotationVisitor visitLocalVariableAnnotation(
                int reference,
                TypePath path,
                Label[] start,
                Label[] end,
                int[] index,
                String annotation,
                boolean visible) {
            return null;
        }

        @Override
        public AnnotationVisitor visitTypeAnnotation(
                int reference, TypePath path, String annotation, boolean visible) {
            return null;
        }

        @Override
        public AnnotationVisitor visitInsnAnnotation(
                int reference, TypePath path, String annotation, boolean visible) {
            return null;
        }

        @Override
        public AnnotationVisitor visitTryCatchAnnotation(
                int reference, TypePath path, String annotation, boolean visible) {
            return null;
        }
    }
}
