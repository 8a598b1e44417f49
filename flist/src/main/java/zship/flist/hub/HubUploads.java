package zship.flist.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.BufferedSink;
import tools.jackson.databind.JsonNode;

import zship.flist.hub.HubException.Kind;

/** Sends files to a hub as multipart forms with the field {@code file}, in bounded memory. */
final class HubUploads {
    private static final MediaType BINARY = MediaType.get("application/octet-stream");
    private static final int BUFFER = 64 << 10;

    private final HubConnection connection;

    HubUploads(HubConnection connection) {
        this.connection = connection;
    }

    /** Sends an flist; the hub must have read all of it. */
    JsonNode flist(String what, Path file, String name, HubProgress progress) {
        return send(what, "upload-flist", name, form(file, name, progress));
    }

    /** Sends an archive, which the hub makes an flist of; the hub must have read all of it. */
    JsonNode archive(String what, Path file, String name, Map<String, String> metadata, HubProgress progress) {
        MultipartBody.Builder form = form(file, name, progress);
        metadata.forEach((key, value) -> form.addFormDataPart("metadata-" + key, value));
        return send(what, "upload", name.replaceFirst("\\.tar\\.gz$", ".flist"), form);
    }

    private JsonNode send(String what, String route, String name, MultipartBody.Builder form) {
        JsonNode answer = connection.sendLong(what,
                connection.mine("/api/flist/me/" + route).post(form.build()).build());
        HubAnswer.requireComplete(what, answer);
        String stored = answer.path("payload").path("name").asString("");
        if (!stored.equals(name)) {
            throw new HubException(Kind.REFUSED, what, "the hub stored it as '" + stored + "'",
                    "remove that, and use a name that the hub does not change");
        }
        return answer.path("payload").path("files").path("response");
    }

    private static MultipartBody.Builder form(Path file, String name, HubProgress progress) {
        return new MultipartBody.Builder().setType(MultipartBody.FORM).addFormDataPart("file", name,
                new FileBody(file, progress));
    }

    /** A file that is read while it is sent. */
    private static final class FileBody extends RequestBody {
        private final Path file;
        private final HubProgress progress;

        FileBody(Path file, HubProgress progress) {
            this.file = file;
            this.progress = progress;
        }

        @Override
        public MediaType contentType() {
            return BINARY;
        }

        @Override
        public long contentLength() throws IOException {
            return Files.size(file);
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            long total = contentLength();
            long sent = 0;
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = Files.newInputStream(file)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    sink.write(buffer, 0, count);
                    sent += count;
                    progress.moved(sent, total);
                }
            }
        }
    }
}
