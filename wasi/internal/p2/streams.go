package p2

import (
	"context"
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/model/value"
)

const (
	// maxRead is the most bytes that one read returns. A guest that wants more reads again.
	maxRead = 64 << 10
	// maxPermit is the most bytes that can be written after one check-write.
	maxPermit = 1 << 20
	// maxBlockingWrite is the most bytes that the functions that write and flush accept, as WIT
	// specifies.
	maxBlockingWrite = 4096
)

// errClosed is the case `closed` of `stream-error`. An *ioError is `last-operation-failed`; all
// other errors are traps.
var errClosed = errors.New("stream is closed")

// streams is wasi:io/streams.
func streams() *iface {
	i := newInterface("wasi:io/streams")
	resource(i, "input-stream", (*inputStream).drop)
	method(i, "input-stream.read", (*inputStream).read, value.KindU64)
	method(i, "input-stream.blocking-read", (*inputStream).blockingRead, value.KindU64)
	method(i, "input-stream.skip", (*inputStream).skip, value.KindU64)
	method(i, "input-stream.blocking-skip", (*inputStream).blockingSkip, value.KindU64)
	method(i, "input-stream.subscribe", (*inputStream).subscribe)
	resource(i, "output-stream", (*outputStream).drop)
	method(i, "output-stream.check-write", (*outputStream).checkWrite)
	method(i, "output-stream.write", (*outputStream).write, value.KindList)
	method(i, "output-stream.blocking-write-and-flush", (*outputStream).blockingWriteAndFlush, value.KindList)
	method(i, "output-stream.flush", (*outputStream).flush)
	method(i, "output-stream.blocking-flush", (*outputStream).flush)
	method(i, "output-stream.subscribe", (*outputStream).subscribe)
	method(i, "output-stream.write-zeroes", (*outputStream).writeZeroes, value.KindU64)
	method(i, "output-stream.blocking-write-zeroes-and-flush", (*outputStream).blockingWriteZeroesAndFlush, value.KindU64)
	method(i, "output-stream.splice", (*outputStream).splice, value.KindBorrow, value.KindU64)
	method(i, "output-stream.blocking-splice", (*outputStream).blockingSplice, value.KindBorrow, value.KindU64)
	return i
}

// streamResult returns a `result<T, stream-error>`.
func streamResult(v value.Value, err error) (value.Value, error) {
	var failed *ioError
	switch {
	case err == nil:
		return value.OK(v), nil
	case err == errClosed:
		return value.Err(value.Variant(1, value.Value{})), nil
	case errors.As(err, &failed):
		return value.Err(value.Variant(0, value.Own(failed))), nil
	default:
		return value.Value{}, err
	}
}

// source is the source of an input-stream.
type source interface {
	// read returns between 1 and n bytes, or nil if none are available now or n is 0. errClosed is the
	// end.
	read(n int) ([]byte, error)
	// event returns the event that read would return data or an error.
	event() event
}

// inputStream is the resource `input-stream`.
type inputStream struct {
	parent
	from   source
	closed bool
}

func (s *inputStream) drop(ctx context.Context) error {
	if err := s.mayDrop(ctx); err != nil {
		return err
	}
	if c, ok := s.from.(interface{ close() }); ok {
		c.close()
	}
	return nil
}

// take reads the bytes that are available now.
func (s *inputStream) take(n uint64) ([]byte, error) {
	if s.closed {
		return nil, errClosed
	}
	b, err := s.from.read(int(min(n, maxRead)))
	s.closed = err != nil
	return b, err
}

// takeBlocking waits until there is something to read.
func (s *inputStream) takeBlocking(ctx context.Context, n uint64) ([]byte, error) {
	for {
		b, err := s.take(n)
		if len(b) > 0 || err != nil || n == 0 {
			return b, err
		}
		if err := wait(ctx, s.from.event()); err != nil {
			return nil, err
		}
	}
}

func (s *inputStream) read(_ context.Context, args []value.Value) (value.Value, error) {
	b, err := s.take(args[0].U64())
	return streamResult(value.Bytes(b), err)
}

func (s *inputStream) blockingRead(ctx context.Context, args []value.Value) (value.Value, error) {
	b, err := s.takeBlocking(ctx, args[0].U64())
	return streamResult(value.Bytes(b), err)
}

func (s *inputStream) skip(_ context.Context, args []value.Value) (value.Value, error) {
	b, err := s.take(args[0].U64())
	return streamResult(value.U64(uint64(len(b))), err)
}

func (s *inputStream) blockingSkip(ctx context.Context, args []value.Value) (value.Value, error) {
	b, err := s.takeBlocking(ctx, args[0].U64())
	return streamResult(value.U64(uint64(len(b))), err)
}

func (s *inputStream) subscribe(context.Context, []value.Value) (value.Value, error) {
	if s.closed {
		return newPollable(always{}, &s.parent), nil
	}
	return newPollable(s.from.event(), &s.parent), nil
}

// sink is the destination of an output-stream. Data that write has not written when it returns is
// written by flush.
type sink interface {
	write(ctx context.Context, b []byte) error
	flush(ctx context.Context) error
}

// outputStream is the resource `output-stream`. It is always ready for writing.
type outputStream struct {
	parent
	to     sink
	permit uint64
	closed bool
}

func (s *outputStream) drop(ctx context.Context) error {
	if err := s.mayDrop(ctx); err != nil {
		return err
	}
	if c, ok := s.to.(interface{ close() }); ok {
		c.close()
	}
	return nil
}

// check permits writing and returns how many bytes may be written.
func (s *outputStream) check() (uint64, error) {
	if s.closed {
		return 0, errClosed
	}
	s.permit = maxPermit
	return s.permit, nil
}

// put writes b. It fails if b exceeds the permitted size.
func (s *outputStream) put(ctx context.Context, b []byte) error {
	if uint64(len(b)) > s.permit {
		return fmt.Errorf("write of %d bytes, but `check-write` permitted %d", len(b), s.permit)
	}
	if s.closed {
		return errClosed
	}
	s.permit -= uint64(len(b))
	err := s.to.write(ctx, b)
	s.closed = err != nil
	return err
}

func (s *outputStream) putAndFlush(ctx context.Context, b []byte) error {
	if _, err := s.check(); err != nil {
		return err
	}
	if err := s.put(ctx, b); err != nil {
		return err
	}
	return s.push(ctx)
}

// push flushes the stream.
func (s *outputStream) push(ctx context.Context) error {
	if s.closed {
		return errClosed
	}
	err := s.to.flush(ctx)
	s.closed = err != nil
	return err
}

func (s *outputStream) checkWrite(context.Context, []value.Value) (value.Value, error) {
	n, err := s.check()
	return streamResult(value.U64(n), err)
}

func (s *outputStream) write(ctx context.Context, args []value.Value) (value.Value, error) {
	return streamResult(value.Value{}, s.put(ctx, args[0].Bytes()))
}

func (s *outputStream) blockingWriteAndFlush(ctx context.Context, args []value.Value) (value.Value, error) {
	if args[0].Len() > maxBlockingWrite {
		return value.Value{}, tooLarge("blocking-write-and-flush")
	}
	return streamResult(value.Value{}, s.putAndFlush(ctx, args[0].Bytes()))
}

func tooLarge(what string) error {
	return fmt.Errorf("buffer too large for %s (expected at most %d)", what, maxBlockingWrite)
}

func (s *outputStream) flush(ctx context.Context, _ []value.Value) (value.Value, error) {
	return streamResult(value.Value{}, s.push(ctx))
}

func (s *outputStream) subscribe(context.Context, []value.Value) (value.Value, error) {
	return newPollable(always{}, &s.parent), nil
}

func (s *outputStream) writeZeroes(ctx context.Context, args []value.Value) (value.Value, error) {
	n := args[0].U64()
	if n > s.permit {
		return value.Value{}, fmt.Errorf("write of %d zeroes, but `check-write` permitted %d", n, s.permit)
	}
	return streamResult(value.Value{}, s.put(ctx, make([]byte, n)))
}

func (s *outputStream) blockingWriteZeroesAndFlush(ctx context.Context, args []value.Value) (value.Value, error) {
	n := args[0].U64()
	if n > maxBlockingWrite {
		return value.Value{}, tooLarge("blocking-write-zeroes-and-flush")
	}
	return streamResult(value.Value{}, s.putAndFlush(ctx, make([]byte, n)))
}

func (s *outputStream) splice(ctx context.Context, args []value.Value) (value.Value, error) {
	return s.spliceFrom(ctx, args, func(from *inputStream, n uint64) ([]byte, error) { return from.take(n) })
}

func (s *outputStream) blockingSplice(ctx context.Context, args []value.Value) (value.Value, error) {
	return s.spliceFrom(ctx, args, func(from *inputStream, n uint64) ([]byte, error) { return from.takeBlocking(ctx, n) })
}

// spliceFrom writes the result of one read of the input.
func (s *outputStream) spliceFrom(ctx context.Context, args []value.Value, read func(*inputStream, uint64) ([]byte, error)) (value.Value, error) {
	from, err := handle[*inputStream](args[0])
	if err != nil {
		return value.Value{}, err
	}
	n, err := s.check()
	if err != nil {
		return streamResult(value.Value{}, err)
	}
	if n = min(n, args[1].U64()); n == 0 {
		return streamResult(value.U64(0), nil)
	}
	b, err := read(from, n)
	if err == nil {
		err = s.put(ctx, b)
	}
	return streamResult(value.U64(uint64(len(b))), err)
}
