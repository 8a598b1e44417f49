package zship.localnode.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The arguments of a builtin, read with the complaints of a node: those of Go's JSON reader. */
public final class Arguments {

    private final Command command;
    private final String type;
    private final int typeErrorCode;

    /**
     * The arguments of a command.
     *
     * @param command       the command
     * @param type          name that complaints give to the whole, such as {@code ContainerArguments}
     * @param typeErrorCode result code of complaints about types
     */
    public Arguments(Command command, String type, int typeErrorCode) {
        this.command = command;
        this.type = type;
        this.typeErrorCode = typeErrorCode;
    }

    /** The whole command. */
    public Command command() {
        return command;
    }

    /** The same arguments under another name for complaints. */
    public Arguments as(String newType, int newTypeErrorCode) {
        return new Arguments(command, newType, newTypeErrorCode);
    }

    /** The arguments object; a missing one fails as it does on a node, with a complaint of the runtime. */
    public JsonNode object() throws CommandException {
        JsonNode value = command.arguments().orElseThrow(() -> new CommandException(CommandException.FAILED,
                "runtime error: invalid memory address or nil pointer dereference"));
        if (!value.isObject()) {
            throw new CommandException(typeErrorCode,
                    "json: cannot unmarshal " + kind(value) + " into Go value of type " + type);
        }
        return value;
    }

    /** A field that is there and not null. */
    public Optional<JsonNode> field(String name) throws CommandException {
        return Optional.ofNullable(lookup(object(), name)).filter(value -> !value.isNull());
    }

    private static @Nullable JsonNode lookup(JsonNode object, String name) {
        JsonNode exact = object.get(name);
        return exact != null
                ? exact
                : object.propertyStream().filter(field -> field.getKey().equalsIgnoreCase(name))
                        .map(Map.Entry::getValue).findFirst().orElse(null);
    }

    /** A text; empty when absent. */
    public String text(String name) throws CommandException {
        Optional<JsonNode> value = field(name);
        return value.isEmpty() ? "" : text(name, value.get());
    }

    /** The text of a value that belongs to a field. */
    public String text(String name, JsonNode value) throws CommandException {
        if (!value.isString()) {
            throw wrongType(name, value, "string");
        }
        return value.stringValue();
    }

    /** A list of texts; empty when absent. */
    public List<String> texts(String name) throws CommandException {
        Optional<JsonNode> value = field(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            throw wrongType(name, value.get(), "[]string");
        }
        for (JsonNode item : value.get()) {
            text(name, item);
        }
        return StreamSupport.stream(value.get().spliterator(), false).map(JsonNode::stringValue).toList();
    }

    /** A flag; false when absent. */
    public boolean flag(String name) throws CommandException {
        Optional<JsonNode> value = field(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrongType(name, value.get(), "bool");
        }
        return value.isPresent() && value.get().booleanValue();
    }

    /** A whole number between bounds; 0 when absent. */
    public long number(String name, long least, long most, String goType) throws CommandException {
        Optional<JsonNode> value = field(name);
        return value.isEmpty() ? 0 : number(name, value.get(), least, most, goType);
    }

    /** The whole number of a value that belongs to a field. */
    public long number(String name, JsonNode value, long least, long most, String goType) throws CommandException {
        boolean fits = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= least
                && value.longValue() <= most;
        if (!fits) {
            throw wrongType(name, value, goType);
        }
        return value.longValue();
    }

    /** The complaint that a field holds a value of the wrong type. */
    public CommandException wrongType(String name, JsonNode value, String goType) {
        String what = value.isNumber() && !goType.startsWith("string") && !goType.startsWith("[]")
                ? "number " + value.asString()
                : kind(value);
        return new CommandException(typeErrorCode,
                "json: cannot unmarshal " + what + " into Go struct field " + type + "." + name + " of type " + goType);
    }

    private static String kind(JsonNode value) {
        if (value.isString()) {
            return "string";
        }
        if (value.isNumber()) {
            return "number";
        }
        if (value.isBoolean()) {
            return "bool";
        }
        return value.isArray() ? "array" : "object";
    }
}
