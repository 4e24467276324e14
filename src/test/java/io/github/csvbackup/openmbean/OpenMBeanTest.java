package io.github.csvbackup.openmbean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.csvbackup.security.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationListener;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardMBean;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a JMX client without our classes sees: descriptions, values and exceptions. */
class OpenMBeanTest {
    /** A fruit. */
    public record Fruit(String name, @Nullable Integer seeds, List<String> colours) {}

    /** An exception class that clients do not have. */
    private static final class OwnException extends RuntimeException {}

    /** An error class that clients do not have. */
    private static final class OwnError extends Error {}

    /** What the bean offers. */
    @Description("A basket of fruit.")
    public interface Face {
        @Description("all fruits")
        List<Fruit> getFruits();

        boolean isRipe();

        String getBroken();

        @ReadOnlyOperation
        @Description("Finds a fruit.")
        @Nullable
        Fruit find(@Description("the name") @Nullable String name);

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
            throw new OwnError();
        }

        @Override
        public @Nullable Fruit find(@Nullable String name) {
            return name == null ? null : new Fruit(name, null, List.of());
        }

        @Override
        public void eat(long times, boolean fast) {}

        @Override
        public String fail(String how) {
            throw switch (how) {
                case "argument" -> new IllegalArgumentException("Bad argument.", new OwnException());
                case "state" -> new IllegalStateException("Bad state.", new OwnException());
                default -> new OwnException();
            };
        }
    }

    private static final ObjectName NAME = name("test:type=Basket");

    private final OpenMBean bean = new OpenMBean(Face.class, new Basket());
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    @BeforeEach
    void register() throws Exception {
        server.registerMBean(bean, NAME);
    }

    private static ObjectName name(String name) {
        try {
            return new ObjectName(name);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private @Nullable Object invoke(String operation, @Nullable Object... arguments) throws Exception {
        return bean.invoke(operation, arguments, new String[] {"of any kind"});
    }

    @Test
    void theAnnotationsDescribeTheBeanInTheOrderOfItsNames() {
        MBeanInfo info = bean.getMBeanInfo();

        assertThat(info.getClassName()).isEqualTo(Face.class.getName());
        assertThat(info.getDescription()).isEqualTo("A basket of fruit.");
        assertThat(info.getAttributes())
                .extracting(MBeanAttributeInfo::getName, MBeanAttributeInfo::getDescription)
                .containsExactly(tuple("Broken", "Broken"), tuple("Fruits", "all fruits"), tuple("Ripe", "Ripe"));
        assertThat(info.getOperations()).extracting(MBeanOperationInfo::getName).containsExactly("eat", "fail", "find");
    }

    @Test
    void operationsHaveParameterNamesImpactsAndRoles() {
        MBeanOperationInfo eat = bean.getMBeanInfo().getOperations()[0];
        MBeanOperationInfo find = bean.getMBeanInfo().getOperations()[2];

        assertThat(eat.getDescription()).isEqualTo("eat");
        assertThat(eat.getImpact()).isEqualTo(MBeanOperationInfo.ACTION);
        assertThat(Role.needed(eat.getDescriptor().getFieldValue(Role.NEEDED))).isEqualTo(Role.OPERATOR);
        assertThat(Arrays.stream(eat.getSignature()).map(each -> each.getType() + " " + each.getName()))
                .containsExactly("long times", "boolean fast");
        assertThat(eat.getSignature()[0].getDescription()).isEqualTo("times");
        assertThat(find.getDescription()).isEqualTo("Finds a fruit.");
        assertThat(find.getImpact()).isEqualTo(MBeanOperationInfo.INFO);
        assertThat(Role.needed(find.getDescriptor().getFieldValue(Role.NEEDED))).isEqualTo(Role.READER);
        assertThat(find.getSignature()[0].getName()).isEqualTo("name");
        assertThat(find.getSignature()[0].getDescription()).isEqualTo("the name");
    }

    @Test
    void listsOfRecordsAreArraysOfComposites() throws Exception {
        CompositeData[] fruits = (CompositeData[]) bean.getAttribute("Fruits");

        assertThat(fruits).hasSize(2);
        assertThat(fruits[0].get("name")).isEqualTo("apple");
        assertThat(fruits[0].get("seeds")).isEqualTo(5);
        assertThat(fruits[0].get("colours")).isEqualTo(new String[] {"red", "green"});
        assertThat(fruits[1].get("seeds")).isNull();
    }

    @Test
    void nullIsAValueWhereTheTypeAllowsIt() throws Exception {
        assertThat(invoke("find", (Object) null)).isNull();
        assertThat(invoke("eat", 1L, true)).isNull();
    }

    @Test
    void wrongArgumentsAreSentences() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bean.invoke("find", null, null))
                .withMessage("Wrong number of arguments (0) for find(name).");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> invoke("eat", "x", true))
                .withMessage("Argument times of eat must be of type long, not String.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> invoke("eat", 1L, null))
                .withMessage("Argument fast of eat must be of type boolean, not null.");
    }

    @Test
    void unknownNamesAreReported() {
        assertThatThrownBy(() -> invoke("drink"))
                .isInstanceOf(ReflectionException.class)
                .hasMessageContaining("No such operation: drink");
        assertThatThrownBy(() -> bean.getAttribute("Taste"))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessageContaining("Taste");
        assertThatThrownBy(() -> bean.setAttribute(new Attribute("Ripe", false)))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessageContaining("Ripe");
    }

    @Test
    void onlyExceptionsOfTheJdkReachTheClient() {
        assertThatThrownBy(() -> invoke("fail", "argument"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("Bad argument.")
                .hasNoCause();
        assertThatThrownBy(() -> invoke("fail", "state"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("Bad state.")
                .hasNoCause();
        assertThatThrownBy(() -> invoke("fail", "own"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("The operation failed: " + OwnException.class.getName())
                .hasNoCause();
        assertThatThrownBy(() -> bean.getAttribute("Broken"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("The operation failed: " + OwnError.class.getName())
                .hasNoCause();
    }

    /** Each type of a getter, so that a value that the JDK must convert is not taken for one that it need not. */
    @Description("All kinds of values.")
    public interface Values {
        String getText();

        @Nullable
        String getNoText();

        long getCount();

        int getSize();

        boolean getFlag();

        Boolean isOn();

        @Nullable
        Integer getNumber();

        Role getRole();

        List<String> getTexts();

        String[] getArray();

        String getWithArgument(String argument);

        String get();

        void setText(String text);
    }

    private static final class AllValues implements Values {
        private String text = "a";

        @Override
        public String getText() {
            return text;
        }

        @Override
        public @Nullable String getNoText() {
            return null;
        }

        @Override
        public long getCount() {
            return 1L << 40;
        }

        @Override
        public int getSize() {
            return 7;
        }

        @Override
        public boolean getFlag() {
            return true;
        }

        @Override
        public Boolean isOn() {
            return true;
        }

        @Override
        public @Nullable Integer getNumber() {
            return null;
        }

        @Override
        public Role getRole() {
            return Role.READER;
        }

        @Override
        public List<String> getTexts() {
            return List.of("b", "c");
        }

        @Override
        public String[] getArray() {
            return new String[] {"d"};
        }

        @Override
        public String getWithArgument(String argument) {
            return argument;
        }

        @Override
        public String get() {
            return "an operation";
        }

        @Override
        public void setText(String text) {
            this.text = text;
        }
    }

    @Test
    void eachValueIsTheOneOfTheJdksMXBean() throws Exception {
        ObjectName ours = new ObjectName("test:type=Ours");
        ObjectName theirs = new ObjectName("test:type=Theirs");
        server.registerMBean(new OpenMBean(Values.class, new AllValues()), ours);
        server.registerMBean(new StandardMBean(new AllValues(), Values.class, true), theirs);
        List<String> names = Arrays.stream(server.getMBeanInfo(theirs).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();

        assertThat(names)
                .containsExactlyInAnyOrder(
                        "Text", "NoText", "Count", "Size", "Flag", "Number", "Role", "Texts", "Array");
        for (String name : names) {
            assertThat(server.getAttribute(ours, name)).as(name).isEqualTo(server.getAttribute(theirs, name));
        }
        assertThat(server.setAttributes(
                                ours,
                                new AttributeList(List.of(new Attribute("Text", "z"), new Attribute("Count", 1L))))
                        .asList())
                .containsExactly(new Attribute("Text", "z"));
        assertThat(server.getAttribute(ours, "Text")).isEqualTo("z");
        for (String none : List.of("WithArgument", "text", "", "Class", "etText")) {
            assertThatThrownBy(() -> server.getAttribute(ours, none))
                    .as(none)
                    .isInstanceOf(AttributeNotFoundException.class);
        }
    }

    /** A type that the JDK cannot turn into an open one shows when it looks at the types. */
    public interface NotOpen {
        String getText();

        Thread getThread();
    }

    private static final class Threads implements NotOpen {
        @Override
        public String getText() {
            return "a";
        }

        @Override
        public Thread getThread() {
            return Thread.currentThread();
        }
    }

    @Test
    void theTypesAreOnlyReadWhenAClientNeedsThem() throws Exception {
        ObjectName name = new ObjectName("test:type=NotOpen");
        ObjectInstance registered = server.registerMBean(new OpenMBean(NotOpen.class, new Threads()), name);

        assertThat(registered.getClassName()).isEqualTo(NotOpen.class.getName());
        assertThat(server.getAttribute(name, "Text")).isEqualTo("a");
        assertThatThrownBy(() -> server.getMBeanInfo(name)).hasStackTraceContaining("getThread");
    }

    @Test
    void listenersAreThoseOfTheEmitter() throws Exception {
        NotificationBroadcasterSupport emitter = new NotificationBroadcasterSupport(
                new MBeanNotificationInfo(new String[] {"ripe"}, Notification.class.getName(), "News."));
        ObjectName name = new ObjectName("test:type=News");
        server.registerMBean(new OpenMBean(Face.class, new Basket(), emitter), name);
        List<Object> heard = new ArrayList<>();
        NotificationListener listener = (notification, handback) -> heard.add(handback);
        NotificationListener other = (notification, handback) -> heard.add("other");

        assertThat(server.getMBeanInfo(name).getNotifications())
                .extracting(MBeanNotificationInfo::getDescription)
                .containsExactly("News.");
        server.addNotificationListener(name, listener, null, "one");
        server.addNotificationListener(name, listener, null, "two");
        server.addNotificationListener(name, other, null, null);
        emitter.sendNotification(new Notification("ripe", name, 1));
        assertThat(heard).containsExactly("one", "two", "other");
        server.removeNotificationListener(name, listener, null, "one");
        server.removeNotificationListener(name, other);
        emitter.sendNotification(new Notification("ripe", name, 2));
        assertThat(heard).containsExactly("one", "two", "other", "two");
    }

    @Test
    void anAttributeThatFailsLeavesTheOthersReadable() {
        assertThat(bean.getAttributes(new String[] {"Broken", "Ripe", "Taste"}).asList())
                .containsExactly(new Attribute("Ripe", true));
    }

    /** A getter and an operation with the same name. */
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
    void anInterfaceMustNotOverload() {
        assertThatThrownBy(() -> new OpenMBean(Overloads.class, new Foo("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("getFoo");
    }
}
