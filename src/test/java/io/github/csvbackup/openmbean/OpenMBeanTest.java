package io.github.csvbackup.openmbean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.security.Role;
import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanOperationInfo;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanInfo;
import javax.management.openmbean.OpenType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Interfaces and records as open types, and failures without a class of ours. */
class OpenMBeanTest {
    /** A fruit. */
    public record Fruit(
            @Description("its name") String name, @Nullable Integer seeds, List<String> colours) {}

    /** An own exception, which no client has. */
    private static final class OwnException extends RuntimeException {}

    /** What the bean offers. */
    public interface Face {
        List<Fruit> getFruits();

        boolean isRipe();

        String getBroken();

        @ReadOnlyOperation
        Fruit find(@Description("the name") String name);

        void eat(long times, boolean fast);

        String fail(String how);
    }

    private static final class Basket implements Face {
        @Override
        public List<Fruit> getFruits() {
            return List.of(new Fruit("apple", 5, List.of("red", "green")), new Fruit("pear", null, List.of()));
        }

        @Override
        public boolean isRipe() {
            return true;
        }

        @Override
        public String getBroken() {
            throw new OwnException();
        }

        @Override
        public Fruit find(String name) {
            return new Fruit(name, null, List.of());
        }

        @Override
        public void eat(long times, boolean fast) {}

        @Override
        public String fail(String how) {
            throw how.equals("argument") ? new IllegalArgumentException("Bad argument.") : new OwnException();
        }
    }

    private final OpenMBean bean = new OpenMBean(Face.class, new Basket());

    @Test
    void everythingIsOpenAndDescribed() {
        assertThat(bean.getMBeanInfo()).isInstanceOf(OpenMBeanInfo.class);
        MBeanOperationInfo find = operation("find");
        assertThat(find.getImpact()).isEqualTo(MBeanOperationInfo.INFO);
        assertThat(find.getSignature()[0].getName()).isEqualTo("name");
        assertThat(find.getSignature()[0].getDescription()).isEqualTo("the name");
        assertThat(find.getDescriptor().getFieldValue(Role.NEEDED)).isEqualTo("reader");
        assertThat(operation("eat").getImpact()).isEqualTo(MBeanOperationInfo.ACTION);
        assertThat(operation("eat").getDescriptor().getFieldValue(Role.NEEDED)).isEqualTo("operator");
    }

    private MBeanOperationInfo operation(String name) {
        for (MBeanOperationInfo info : bean.getMBeanInfo().getOperations()) {
            if (info.getName().equals(name)) {
                return info;
            }
        }
        throw new AssertionError("no operation " + name);
    }

    @Test
    void listsOfRecordsAreArraysOfComposites() throws Exception {
        CompositeData[] fruits = (CompositeData[]) bean.getAttribute("Fruits");
        assertThat(fruits).hasSize(2);
        assertThat(fruits[0].get("name")).isEqualTo("apple");
        assertThat(fruits[0].get("seeds")).isEqualTo(5);
        assertThat(fruits[0].get("colours")).isEqualTo(new String[] {"red", "green"});
        assertThat(fruits[1].get("seeds")).isNull();
        OpenType<?> colours = fruits[0].getCompositeType().getType("colours");
        assertThat(colours).isInstanceOf(ArrayType.class);
        assertThat(fruits[0].getCompositeType().getDescription("name")).isEqualTo("its name");
    }

    @Test
    void unknownNamesAndWrongArgumentsAreSentences() {
        assertThatThrownBy(() -> bean.getAttribute("Taste"))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessage("There is no attribute \"Taste\"; there are: Broken, Fruits, Ripe.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("drink", null, null))
                .withMessageStartingWith("There is no operation \"drink\"; there are: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("find", null, null))
                .withMessage("find takes 1 arguments (name), not 0.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("eat", new Object[] {"x", true}, null))
                .withMessage("The argument times of eat must be a long, not x.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("eat", new Object[] {1L, null}, null))
                .withMessage("The argument fast of eat must be a boolean, not null.");
        assertThatThrownBy(() -> bean.setAttribute(new Attribute("Ripe", false)))
                .hasMessage("No attribute can be set; \"Ripe\" is read-only.");
    }

    /** Values that no client could read. */
    public interface Numbers {
        List<Integer> getNumbers();
    }

    /** A getter and an operation of one name. */
    public interface Overloads {
        String getFoo();

        String getFoo(String which);
    }

    private record Foo(String getFoo) implements Overloads {
        @Override
        public String getFoo(String which) {
            return which;
        }
    }

    @Test
    void whatCannotBeOfferedIsRejectedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenMBean(Numbers.class, (Numbers) () -> List.of(1)))
                .withMessageContaining("no open type for a list of java.lang.Integer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenMBean(Overloads.class, new Foo("a")))
                .withMessage("Overloads overloads getFoo");
    }

    @Test
    void voidAnswersNull() throws Exception {
        assertThat(bean.invoke("eat", new Object[] {1L, true}, null)).isNull();
    }

    @Test
    void onlyExceptionsOfTheJdkReachTheClient() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("fail", new Object[] {"argument"}, null))
                .withMessage("Bad argument.")
                .withNoCause();
        assertThatThrownBy(() -> bean.invoke("fail", new Object[] {"own"}, null))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The operation failed: ")
                .hasNoCause();
    }

    @Test
    void anAttributeThatFailsLeavesTheOthersReadable() {
        assertThat(bean.getAttributes(new String[] {"Broken", "Ripe", "Taste"}).asList())
                .containsExactly(new Attribute("Ripe", true));
    }
}
