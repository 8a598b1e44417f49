package zship.flist.format;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The value of a permission row ({@code ACI} in the schema, file id 0xae9223e76351538a).
 *
 * @param user name of the owner
 * @param group name of the group
 * @param mode permission bits; writers before 2020 also stored the bits of the file type
 * @param uid owner's number, -1 when the flist has none (before July 2020)
 * @param gid group's number, -1 when the flist has none
 */
public record WirePermissions(String user, String group, int mode, long uid, long gid) {
    private static final Struct.Layout ACI = new Struct.Layout(3, 3);

    /** Decodes a row's value. */
    public static WirePermissions decode(byte[] value) throws MalformedFlistException {
        return Message.decode(value, ACI, root -> new WirePermissions(new String(root.text(0), UTF_8),
                new String(root.text(1), UTF_8), root.uint16(0), root.int64(1, -1), root.int64(2, -1)));
    }

    /** Encodes the row's value as one segment. */
    public byte[] encode() {
        byte[] userBytes = user.getBytes(UTF_8);
        byte[] groupBytes = group.getBytes(UTF_8);
        long words = ACI.words() + Message.textWords(userBytes) + Message.textWords(groupBytes);
        return Message.encode(words, ACI, root -> {
            root.text(0, userBytes);
            root.text(1, groupBytes);
            root.uint16(0, mode);
            root.int64(1, uid, -1);
            root.int64(2, gid, -1);
        });
    }
}
