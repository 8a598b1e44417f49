package zship.flist.format;

import java.nio.ByteBuffer;

import org.capnproto.Data;
import org.capnproto.SegmentBuilder;
import org.capnproto.SegmentReader;
import org.capnproto.StructBuilder;
import org.capnproto.StructFactory;
import org.capnproto.StructList;
import org.capnproto.StructReader;
import org.capnproto.StructSize;
import org.capnproto.Text;

/**
 * One Cap'n Proto struct addressed by places instead of names: data words and pointers. There is no generator for Java that
 * could make named accessors, and the wire format does not know names.
 */
final class Struct {
    private Struct() {
    }

    /** How many data words and pointers a struct has. */
    static final class Layout extends StructFactory<Writer, Reader> {
        private final StructSize size;
        private final StructList.Factory<Writer, Reader> list = new StructList.Factory<>(this);

        Layout(int dataWords, int pointers) {
            this.size = new StructSize((short) dataWords, (short) pointers);
        }

        @Override
        public Reader constructReader(SegmentReader segment, int data, int pointers, int dataSize, short pointerCount,
                int nestingLimit) {
            return new Reader(segment, data, pointers, dataSize, pointerCount, nestingLimit);
        }

        @Override
        public Writer constructBuilder(SegmentBuilder segment, int data, int pointers, int dataSize,
                short pointerCount) {
            return new Writer(segment, data, pointers, dataSize, pointerCount);
        }

        @Override
        public StructSize structSize() {
            return size;
        }

        @Override
        public Reader asReader(Writer writer) {
            throw new UnsupportedOperationException("values are written once and never read back");
        }

        int words() {
            return size.total();
        }
    }

    /** Reads fields; absent ones are zero or empty. */
    static final class Reader extends StructReader {
        Reader(SegmentReader segment, int data, int pointers, int dataSize, short pointerCount, int nestingLimit) {
            super(segment, data, pointers, dataSize, pointerCount, nestingLimit);
        }

        /** The 16-bit number at a place counted in 16-bit steps. */
        int uint16(int place) {
            return _getShortField(place) & 0xffff;
        }

        /** The 32-bit number at a place counted in 32-bit steps. */
        long uint32(int place) {
            return _getIntField(place) & 0xffff_ffffL;
        }

        /** The 64-bit number in a word; {@code mask} is the default value, which the wire format combines by XOR. */
        long int64(int word, long mask) {
            return _getLongField(word, mask);
        }

        byte[] text(int pointer) {
            if (_pointerFieldIsNull(pointer)) {
                return new byte[0];
            }
            Text.Reader text = _getPointerField(Text.factory, pointer);
            return bytes(text.asByteBuffer());
        }

        byte[] data(int pointer) {
            if (_pointerFieldIsNull(pointer)) {
                return new byte[0];
            }
            Data.Reader data = _getPointerField(Data.factory, pointer);
            return bytes(data.asByteBuffer());
        }

        Reader struct(int pointer, Layout layout) {
            return _getPointerField(layout, pointer);
        }

        StructList.Reader<Reader> list(int pointer, Layout layout) {
            return _getPointerField(layout.list, pointer);
        }

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }
    }

    /** Writes fields. */
    static final class Writer extends StructBuilder {
        Writer(SegmentBuilder segment, int data, int pointers, int dataSize, short pointerCount) {
            super(segment, data, pointers, dataSize, pointerCount);
        }

        void uint16(int place, int value) {
            _setShortField(place, (short) value);
        }

        void uint32(int place, long value) {
            _setIntField(place, (int) value);
        }

        void int64(int word, long value, long mask) {
            _setLongField(word, value, mask);
        }

        void text(int pointer, byte[] value) {
            _setPointerField(Text.factory, pointer, new Text.Reader(ByteBuffer.wrap(value), 0, value.length));
        }

        void data(int pointer, byte[] value) {
            _setPointerField(Data.factory, pointer, new Data.Reader(value));
        }

        Writer struct(int pointer, Layout layout) {
            return _initPointerField(layout, pointer, 0);
        }

        StructList.Builder<Writer> list(int pointer, Layout layout, int count) {
            return _initPointerField(layout.list, pointer, count);
        }
    }
}
