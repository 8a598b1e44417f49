package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import zship.flist.tar.UstarWriter;

/** Images as tars, made of layers in memory. */
final class ImageTars {
    private ImageTars() {
    }

    /** In OCI layout. */
    static byte[] oci(List<byte[]> layers, String mediaType) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UstarWriter tar = new UstarWriter(out);
        List<String> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            descriptors.add(descriptor(mediaType, blob(tar, layer)));
        }
        String config = descriptor("application/vnd.oci.image.config.v1+json",
                blob(tar, text("{\"architecture\":\"amd64\",\"os\":\"linux\"}")));
        String manifest = blob(tar, text("{\"config\":" + config + ",\"layers\":" + descriptors + "}"));
        tar.file("index.json", text("{\"manifests\":[{\"digest\":\"" + manifest + "\"}]}"), 0);
        tar.finish();
        return out.toByteArray();
    }

    /** As docker saves it. */
    static byte[] docker(List<byte[]> layers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UstarWriter tar = new UstarWriter(out);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            String name = Integer.toHexString(i).repeat(64).substring(0, 64) + "/layer.tar";
            tar.file(name, layers.get(i), 0);
            names.add("\"" + name + "\"");
        }
        tar.file("manifest.json", text("[{\"Config\":\"config.json\",\"Layers\":" + names + "}]"), 0);
        tar.finish();
        return out.toByteArray();
    }

    /** Where the layout has a layer. */
    static String place(byte[] layer) {
        return "blobs/sha256/" + digest(layer);
    }

    private static String descriptor(String mediaType, String digest) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\"}";
    }

    private static String blob(UstarWriter tar, byte[] content) throws IOException {
        tar.file(place(content), content, 0);
        return "sha256:" + digest(content);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
