package zship.flow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** An Ogg Vorbis file made by Debian's oggenc. */
final class OggFile {
    private static final int RATE = 44_100;

    private OggFile() {
    }

    /** Encodes some seconds of noise, which does not compress to nothing. */
    static byte[] make(Path folder, int seconds) throws IOException, InterruptedException {
        Path wave = folder.resolve("noise.wav");
        Path ogg = folder.resolve("noise.ogg");
        int bytes = seconds * RATE * 2;
        ByteBuffer data = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.put("RIFF".getBytes()).putInt(36 + bytes).put("WAVEfmt ".getBytes()).putInt(16).putShort((short) 1)
                .putShort((short) 1).putInt(RATE).putInt(RATE * 2).putShort((short) 2).putShort((short) 16)
                .put("data".getBytes()).putInt(bytes);
        Random random = new Random(7);
        while (data.hasRemaining()) {
            data.putShort((short) (random.nextGaussian() * 3000));
        }
        Files.write(wave, data.array());
        Process oggenc = new ProcessBuilder("oggenc", "-Q", "-s", "7", "-o", ogg.toString(), wave.toString()).start();
        if (oggenc.waitFor() != 0) {
            throw new IOException(new String(oggenc.getErrorStream().readAllBytes()));
        }
        return Files.readAllBytes(ogg);
    }
}
