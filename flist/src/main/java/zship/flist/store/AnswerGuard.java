package zship.flist.store;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Looks at what a server sends before Lettuce does, which keeps an answer in memory until it is complete, however long it says
 * that it is. Only what answers {@code GET}, {@code SET}, {@code EXISTS}, {@code AUTH} and {@code SELECT} in RESP2 gets through:
 * a line, or one value of limited length.
 *
 * <p>The first impossible answer fails the command that it belongs to with an {@link ImpossibleAnswerException} and closes the
 * connection; whole answers in front of it are still given. The guard keeps nothing but the digits of a length.
 */
final class AnswerGuard extends ChannelInboundHandlerAdapter {
    /** The longest line: a status, a refusal or a number. */
    private static final int LONGEST_LINE = 64 << 10;
    private static final int LONGEST_LENGTH = 18;
    private static final int LINE_END = 2;

    private final long longestValue;
    private final StringBuilder digits = new StringBuilder();
    private Part part = Part.START;
    private boolean lengthLine;
    private int lineBytes;
    private long valueBytes;
    private boolean refused;

    private enum Part {
        START, LINE, CARRIAGE_RETURN, VALUE
    }

    /** Lets through values of at most {@code longestValue} bytes. */
    AnswerGuard(long longestValue) {
        this.longestValue = longestValue;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        if (refused) {
            bytes.release();
            return;
        }
        int whole = bytes.readerIndex();
        int at = whole;
        try {
            while (at < bytes.writerIndex()) {
                at = part == Part.VALUE ? skip(at, bytes.writerIndex()) : look(bytes, at);
                whole = part == Part.START ? at : whole;
            }
        } catch (ImpossibleAnswerException e) {
            refuse(context, bytes, whole, e);
            return;
        }
        context.fireChannelRead(bytes);
    }

    private void refuse(ChannelHandlerContext context, ByteBuf bytes, int whole, ImpossibleAnswerException fault) {
        refused = true;
        if (whole > bytes.readerIndex()) {
            context.fireChannelRead(bytes.retainedSlice(bytes.readerIndex(), whole - bytes.readerIndex()));
        }
        bytes.release();
        // Closed before, the command would learn nothing but that.
        context.fireExceptionCaught(fault);
        context.close();
    }

    private int skip(int from, int end) {
        long skipped = Math.min(valueBytes, end - from);
        valueBytes -= skipped;
        if (valueBytes == 0) {
            part = Part.START;
        }
        return from + (int) skipped;
    }

    private int look(ByteBuf bytes, int at) throws ImpossibleAnswerException {
        byte next = bytes.getByte(at);
        switch (part) {
            case START -> begin(next);
            case LINE -> lengthen(next);
            default -> end(next);
        }
        return at + 1;
    }

    private void begin(byte type) throws ImpossibleAnswerException {
        if (type != '+' && type != '-' && type != ':' && type != '$') {
            throw new ImpossibleAnswerException(type == '*'
                    ? "is a list, where one value is asked for"
                    : "begins with the byte %d, which no answer does".formatted(type & 0xff));
        }
        lengthLine = type == '$';
        digits.setLength(0);
        lineBytes = 0;
        part = Part.LINE;
    }

    private void lengthen(byte next) throws ImpossibleAnswerException {
        if (next == '\r') {
            part = Part.CARRIAGE_RETURN;
            return;
        }
        if (next == '\n') {
            throw new ImpossibleAnswerException("has a line that ends too early");
        }
        lineBytes++;
        if (lineBytes > (lengthLine ? LONGEST_LENGTH : LONGEST_LINE)) {
            throw new ImpossibleAnswerException(lengthLine
                    ? "begins with a length of more than " + LONGEST_LENGTH + " digits"
                    : "has a line of more than " + LONGEST_LINE + " bytes");
        }
        if (lengthLine) {
            digits.append((char) (next & 0xff));
        }
    }

    private void end(byte next) throws ImpossibleAnswerException {
        if (next != '\n') {
            throw new ImpossibleAnswerException("has a line that does not end");
        }
        part = Part.START;
        // Minus one says that there is no value.
        if (lengthLine && !"-1".contentEquals(digits)) {
            valueBytes = length() + LINE_END;
            part = Part.VALUE;
        }
    }

    private long length() throws ImpossibleAnswerException {
        if (!digits.toString().matches("[0-9]+")) {
            throw new ImpossibleAnswerException("begins with something else than a length");
        }
        long length = Long.parseLong(digits.toString());
        if (length > longestValue) {
            throw new ImpossibleAnswerException(
                    "is " + length + " bytes long, and at most " + longestValue + " are possible");
        }
        return length;
    }
}
