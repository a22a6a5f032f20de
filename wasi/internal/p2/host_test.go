package p2

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// guest calls the functions of a host as a component would.
type guest struct {
	t   *testing.T
	ctx context.Context
	all map[string]*iface
}

// newHost returns a host that grants no access. Its clocks stand still and its random numbers are
// fixed.
func newHost() *Host {
	h := &Host{
		Stdin:    sysfs.NewInput(nil),
		Now:      func() time.Time { return time.Unix(1700000000, 5) },
		Clock:    clock(func() time.Duration { return 7 }),
		Random:   strings.NewReader(strings.Repeat("r", 1000)),
		Insecure: strings.NewReader(strings.Repeat("i", 1000)),
	}
	h.Stdout, h.Stderr = sysfs.NewOutputs(nil, nil)
	return h
}

// clock is a clock whose Wait follows real time, whatever Now shows.
type clock func() time.Duration

func (c clock) Now() time.Duration { return c() }

func (c clock) Wait(ctx context.Context, t time.Duration, _ bool) {
	select {
	case <-time.After(t - c()):
	case <-ctx.Done():
	}
}

func newGuest(t *testing.T, h *Host) *guest {
	g := &guest{t: t, ctx: t.Context(), all: make(map[string]*iface)}
	for _, i := range h.interfaces() {
		g.all[i.name] = i
	}
	return g
}

// try calls a function such as "wasi:cli/exit exit". The prefix "wasi:" may be omitted.
func (g *guest) try(fn string, args ...value.Value) (value.Value, error) {
	g.t.Helper()
	in, name, _ := strings.Cut(fn, " ")
	i := g.all["wasi:"+in]
	if i == nil || i.funcs[name] == nil {
		g.t.Fatalf("there is no function %s", fn)
	}
	return i.funcs[name](g.ctx, args)
}

// call is like try, but the call must succeed.
func (g *guest) call(fn string, args ...value.Value) value.Value {
	g.t.Helper()
	v, err := g.try(fn, args...)
	if err != nil {
		g.t.Fatalf("%s: %v", fn, err)
	}
	return v
}

// ok is like call for a result, which must be ok.
func (g *guest) ok(fn string, args ...value.Value) value.Value {
	g.t.Helper()
	v := g.call(fn, args...)
	if !v.IsOK() {
		g.t.Fatalf("%s: %s", fn, outcome(v))
	}
	return v.Payload()
}

// trap is like try, but the call must fail with an error that contains want.
func (g *guest) trap(want, fn string, args ...value.Value) {
	g.t.Helper()
	v, err := g.try(fn, args...)
	if err == nil || !strings.Contains(err.Error(), want) {
		g.t.Errorf("%s: %v, error %v, want an error with %q", fn, v, err, want)
	}
}

// method calls a "[method]" of a resource, given a handle that a function returned.
func (g *guest) method(fn string, self value.Value, args ...value.Value) value.Value {
	g.t.Helper()
	return g.call(withMethod(fn), append([]value.Value{borrow(self)}, args...)...)
}

func withMethod(fn string) string { return strings.Replace(fn, " ", " [method]", 1) }

func (g *guest) drop(res string, v value.Value) error {
	in, name, _ := strings.Cut(res, " ")
	drop := g.all["wasi:"+in].resources[name]
	if drop == nil {
		return nil
	}
	return drop(g.ctx, v.Handle())
}

func borrow(own value.Value) value.Value { return value.Borrow(own.Handle()) }

// outcome describes a result whose error is an `error-code` of wasi:filesystem.
func outcome(v value.Value) string {
	switch {
	case v.IsOK():
		return "ok"
	case v.Payload().Kind() == value.KindEnum:
		return sysfs.Code(v.Payload().Case() + 1).Error()
	default:
		return v.String()
	}
}

// failure describes a result whose error is a `stream-error`.
func failure(v value.Value) string {
	switch p := v.Payload(); {
	case v.IsOK():
		return "ok"
	case p.Case() == 1:
		return "closed"
	default:
		return "failed: " + p.Payload().Handle().(*ioError).Error()
	}
}

func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// TestFunctions compares functions and resources with those of the WIT packages of WASI 0.2.12.
func TestFunctions(t *testing.T) {
	g := newGuest(t, newHost())
	got := make(map[string]string)
	for name, i := range g.all {
		names := slices.Collect(maps.Keys(i.funcs))
		for r := range i.resources {
			names = append(names, "resource "+r)
		}
		slices.Sort(names)
		got[name] = strings.ReplaceAll(strings.Join(names, " "), "resource ", "resource:")
	}
	expect := make(map[string]string)
	for name, list := range wit {
		names := strings.Fields(list)
		slices.Sort(names)
		expect[name] = strings.Join(names, " ")
	}
	want(t, "functions", got, expect)
}

// wit lists the functions and resources of each interface.
var wit = map[string]string{
	"wasi:cli/environment":     "get-environment get-arguments initial-cwd",
	"wasi:cli/exit":            "exit exit-with-code",
	"wasi:cli/stdin":           "get-stdin",
	"wasi:cli/stdout":          "get-stdout",
	"wasi:cli/stderr":          "get-stderr",
	"wasi:cli/terminal-input":  "resource:terminal-input",
	"wasi:cli/terminal-output": "resource:terminal-output",
	"wasi:cli/terminal-stdin":  "get-terminal-stdin",
	"wasi:cli/terminal-stdout": "get-terminal-stdout",
	"wasi:cli/terminal-stderr": "get-terminal-stderr",

	"wasi:clocks/monotonic-clock": "now resolution subscribe-instant subscribe-duration",
	"wasi:clocks/wall-clock":      "now resolution",
	"wasi:clocks/timezone":        "display utc-offset",

	"wasi:random/random":        "get-random-bytes get-random-u64",
	"wasi:random/insecure":      "get-insecure-random-bytes get-insecure-random-u64",
	"wasi:random/insecure-seed": "insecure-seed",

	"wasi:io/error": "resource:error [method]error.to-debug-string",
	"wasi:io/poll":  "resource:pollable [method]pollable.ready [method]pollable.block poll",
	"wasi:io/streams": `resource:input-stream [method]input-stream.read [method]input-stream.blocking-read [method]input-stream.skip
		[method]input-stream.blocking-skip [method]input-stream.subscribe
		resource:output-stream [method]output-stream.check-write [method]output-stream.write
		[method]output-stream.blocking-write-and-flush [method]output-stream.flush [method]output-stream.blocking-flush
		[method]output-stream.subscribe [method]output-stream.write-zeroes
		[method]output-stream.blocking-write-zeroes-and-flush [method]output-stream.splice [method]output-stream.blocking-splice`,

	"wasi:filesystem/preopens": "get-directories",
	"wasi:filesystem/types": `resource:descriptor [method]descriptor.read-via-stream [method]descriptor.write-via-stream
		[method]descriptor.append-via-stream [method]descriptor.advise [method]descriptor.sync-data [method]descriptor.get-flags
		[method]descriptor.get-type [method]descriptor.set-size [method]descriptor.set-times [method]descriptor.read
		[method]descriptor.write [method]descriptor.read-directory [method]descriptor.sync [method]descriptor.create-directory-at
		[method]descriptor.stat [method]descriptor.stat-at [method]descriptor.set-times-at [method]descriptor.link-at
		[method]descriptor.open-at [method]descriptor.readlink-at [method]descriptor.remove-directory-at
		[method]descriptor.rename-at [method]descriptor.symlink-at [method]descriptor.unlink-file-at
		[method]descriptor.is-same-object [method]descriptor.metadata-hash [method]descriptor.metadata-hash-at
		resource:directory-entry-stream [method]directory-entry-stream.read-directory-entry filesystem-error-code`,

	"wasi:sockets/network":          "resource:network network-error-code",
	"wasi:sockets/instance-network": "instance-network",
	"wasi:sockets/ip-name-lookup": `resolve-addresses resource:resolve-address-stream
		[method]resolve-address-stream.resolve-next-address [method]resolve-address-stream.subscribe`,
	"wasi:sockets/tcp-create-socket": "create-tcp-socket",
	"wasi:sockets/tcp": `resource:tcp-socket [method]tcp-socket.start-bind [method]tcp-socket.finish-bind
		[method]tcp-socket.start-connect [method]tcp-socket.finish-connect [method]tcp-socket.start-listen
		[method]tcp-socket.finish-listen [method]tcp-socket.accept [method]tcp-socket.local-address
		[method]tcp-socket.remote-address [method]tcp-socket.is-listening [method]tcp-socket.address-family
		[method]tcp-socket.set-listen-backlog-size [method]tcp-socket.keep-alive-enabled
		[method]tcp-socket.set-keep-alive-enabled [method]tcp-socket.keep-alive-idle-time
		[method]tcp-socket.set-keep-alive-idle-time [method]tcp-socket.keep-alive-interval
		[method]tcp-socket.set-keep-alive-interval [method]tcp-socket.keep-alive-count [method]tcp-socket.set-keep-alive-count
		[method]tcp-socket.hop-limit [method]tcp-socket.set-hop-limit [method]tcp-socket.receive-buffer-size
		[method]tcp-socket.set-receive-buffer-size [method]tcp-socket.send-buffer-size
		[method]tcp-socket.set-send-buffer-size [method]tcp-socket.subscribe [method]tcp-socket.shutdown`,
	"wasi:sockets/udp-create-socket": "create-udp-socket",
	"wasi:sockets/udp": `resource:udp-socket [method]udp-socket.start-bind [method]udp-socket.finish-bind [method]udp-socket.stream
		[method]udp-socket.local-address [method]udp-socket.remote-address [method]udp-socket.address-family
		[method]udp-socket.unicast-hop-limit [method]udp-socket.set-unicast-hop-limit [method]udp-socket.receive-buffer-size
		[method]udp-socket.set-receive-buffer-size [method]udp-socket.send-buffer-size
		[method]udp-socket.set-send-buffer-size [method]udp-socket.subscribe
		resource:incoming-datagram-stream [method]incoming-datagram-stream.receive [method]incoming-datagram-stream.subscribe
		resource:outgoing-datagram-stream [method]outgoing-datagram-stream.check-send [method]outgoing-datagram-stream.send
		[method]outgoing-datagram-stream.subscribe`,
}

// TestSimple calls the functions that only return a value.
func TestSimple(t *testing.T) {
	h := newHost()
	h.Args, h.Env, h.Cwd = []string{"app", "-v"}, [][2]string{{"A", "1"}, {"B", ""}}, "/work"
	h.StdoutTerminal = true
	g := newGuest(t, h)
	datetime := value.Record([]value.Value{value.U64(1), value.U32(2)})
	network := value.Borrow(&netHandle{})
	for _, c := range []struct {
		fn   string
		args []value.Value
		want string
	}{
		{"cli/environment get-environment", nil, `[("A", "1"), ("B", "")]`},
		{"cli/environment get-arguments", nil, `["app", "-v"]`},
		{"cli/environment initial-cwd", nil, `some("/work")`},
		{"cli/terminal-stdin get-terminal-stdin", nil, "none"},
		{"cli/terminal-stdout get-terminal-stdout", nil, "some(<own>)"},
		{"cli/terminal-stderr get-terminal-stderr", nil, "none"},
		{"clocks/monotonic-clock now", nil, "7"},
		{"clocks/monotonic-clock resolution", nil, "1"},
		{"clocks/wall-clock now", nil, "{1700000000, 5}"},
		{"clocks/wall-clock resolution", nil, "{0, 1}"},
		{"clocks/timezone display", []value.Value{datetime}, `{0, "UTC", false}`},
		{"clocks/timezone utc-offset", []value.Value{datetime}, "0"},
		{"random/random get-random-bytes", []value.Value{value.U64(3)}, "[114, 114, 114]"},
		{"random/random get-random-bytes", []value.Value{value.U64(0)}, "[]"},
		{"random/random get-random-u64", nil, "8246779703540740722"},
		{"random/insecure get-insecure-random-bytes", []value.Value{value.U64(2)}, "[105, 105]"},
		{"random/insecure get-insecure-random-u64", nil, "7595718147998050665"},
		{"random/insecure-seed insecure-seed", nil, "(7595718147998050665, 7595718147998050665)"},
		{"sockets/instance-network instance-network", nil, "<own>"},
		{"sockets/tcp-create-socket create-tcp-socket", []value.Value{value.Enum(0)}, denied.String()},
		{"sockets/udp-create-socket create-udp-socket", []value.Value{value.Enum(1)}, denied.String()},
		{"sockets/ip-name-lookup resolve-addresses", []value.Value{network, value.String("example.com")}, denied.String()},
		{"sockets/network network-error-code", []value.Value{value.Borrow(&ioError{err: io.EOF})}, "none"},
	} {
		want(t, c.fn, g.call(c.fn, c.args...).String(), c.want)
	}
	g.trap("limit", "random/random get-random-bytes", value.U64(maxRandomBytes+1))
	g.trap("limit", "random/random get-random-bytes", value.U64(1<<63))
	g.trap("reading random bytes", "random/random get-random-bytes", value.U64(100000))
	g.trap("the socket does not exist", "sockets/tcp [method]tcp-socket.is-listening", value.Borrow(&noSocket{}))
}

// TestSignatures calls functions with arguments of wrong types.
func TestSignatures(t *testing.T) {
	g := newGuest(t, newHost())
	g.trap("its number of arguments is 1, but it is imported with 0", "cli/exit exit")
	g.trap("argument 0 is imported as u64, but is result", "cli/exit exit", value.U64(0))
	g.trap("wrong resource", "io/poll [method]pollable.ready", value.Borrow(&ioError{err: io.EOF}))
	g.trap("wrong resource", "io/poll [method]pollable.ready", value.Borrow(nil))
	g.trap("cannot be called with these arguments", "io/poll poll", value.List([]value.Value{value.U8(1)}))
	g.trap("cannot be called with these arguments", "filesystem/types [method]descriptor.set-times",
		value.Borrow(&descriptor{h: newHost()}), value.Variant(2, value.U8(1)), value.Variant(0, value.Value{}))
	if err := g.drop("io/poll pollable", value.Own(3)); err == nil {
		t.Error("a wrong handle can be dropped")
	}
}

func TestExit(t *testing.T) {
	var out bytes.Buffer
	h := newHost()
	buffered := &flusher{w: &out}
	h.Stdout, h.Stderr = sysfs.NewOutputs(buffered, nil)
	g := newGuest(t, h)
	stdout := g.call("cli/stdout get-stdout")
	g.method("io/streams output-stream.check-write", stdout)
	g.method("io/streams output-stream.write", stdout, value.Bytes([]byte("last words")))
	want(t, "before", out.String(), "")
	for _, c := range []struct {
		fn   string
		arg  value.Value
		code int
	}{
		{"cli/exit exit", value.OK(value.Value{}), 0},
		{"cli/exit exit", value.Err(value.Value{}), 1},
		{"cli/exit exit-with-code", value.U8(42), 42},
	} {
		_, err := g.try(c.fn, c.arg)
		exit, ok := err.(*runner.ExitError)
		if !ok || exit.Code != c.code {
			t.Errorf("%s: %v, want exit with code %d", c.fn, err, c.code)
		}
	}
	want(t, "after", out.String(), "last words")
}

// flusher is a writer that buffers everything until it is flushed.
type flusher struct {
	w   io.Writer
	buf []byte
}

func (f *flusher) Write(p []byte) (int, error) { f.buf = append(f.buf, p...); return len(p), nil }

func (f *flusher) Flush() error {
	_, err := f.w.Write(f.buf)
	f.buf = nil
	return err
}

// TestAddTo adds and links all interfaces twice: later definitions replace earlier ones.
func TestAddTo(t *testing.T) {
	l := runner.NewLinker()
	newHost().AddTo(l)
	newHost().AddTo(l)
}
