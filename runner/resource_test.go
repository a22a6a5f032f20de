package runner_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

const things, user, other = "ns:t/things ", "ns:t/user ", "ns:t/other "

// state describes how many things live in an instance of the maker and which was destroyed last.
func state(t *testing.T, i *runner.Instance, maker string) string {
	return fmt.Sprintf("%d live, %d last", call(t, i, maker+"live").Bits(), call(t, i, maker+"last").Bits())
}

func wantState(t *testing.T, i *runner.Instance, maker, want string) {
	t.Helper()
	if got := state(t, i, maker); got != want {
		t.Errorf("%s: %s, want %s", maker, got, want)
	}
}

// A resource moves between components, and its destructor runs when the owner drops it.
func TestResourceBetweenComponents(t *testing.T) {
	i := fixture(t, "resources", nil)
	if got := call(t, i, user+"use", value.U32(4)); got.Bits() != 40 {
		t.Errorf("use = %d", got.Bits())
	}
	wantState(t, i, things, "0 live, 4 last")
	// The maker keeps the resource.
	if got := call(t, i, user+"give", value.U32(5)); got.Bits() != 5 {
		t.Errorf("give = %d", got.Bits())
	}
	wantState(t, i, things, "1 live, 4 last")
	wantState(t, i, other, "0 live, 0 last")
}

// The host holds, lends, gives back and drops a resource of a component.
func TestResourceInTheHost(t *testing.T) {
	ctx := context.Background()
	i := fixture(t, "resources", nil)
	a := call(t, i, things+"[constructor]thing", value.U32(7))
	b := call(t, i, user+"make", value.U32(8))
	if a.Kind() != value.KindOwn || b.Kind() != value.KindOwn {
		t.Fatalf("kinds %v and %v", a.Kind(), b.Kind())
	}
	for _, r := range []struct {
		f    string
		v    value.Value
		want uint64
	}{
		{things + "[method]thing.get", value.Borrow(a.Handle()), 70},
		{user + "look", value.Borrow(b.Handle()), 80},
		{user + "look", value.Borrow(a.Handle()), 70},
	} {
		if got := call(t, i, r.f, r.v); got.Bits() != r.want {
			t.Errorf("%s = %d, want %d", r.f, got.Bits(), r.want)
		}
	}
	// A resource that the host lends stays the host's, whether it is passed as a borrow or as an owned
	// value.
	call(t, i, user+"look", value.Borrow(b.Handle()))
	if got := call(t, i, user+"look", b); got.Bits() != 80 {
		t.Errorf("look = %d", got.Bits())
	}
	wantState(t, i, things, "2 live, 0 last")
	for range 2 { // the second time does nothing
		if err := i.DropResource(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	wantState(t, i, things, "1 live, 7 last")
	call(t, i, user+"keep", b)
	if err := i.DropResource(ctx, b); err != nil {
		t.Fatal(err)
	}
	wantState(t, i, things, "1 live, 7 last")
	trap(t, i, user+"keep", "resource `thing` was dropped or given away before", b)
}

// Each instantiation has a resource type of its own although the code is the same.
func TestResourceTypesDiffer(t *testing.T) {
	i := fixture(t, "resources", nil)
	o := call(t, i, other+"[constructor]thing", value.U32(1))
	tr := trap(t, i, things+"[method]thing.get", "a value passed as resource `thing` is of another type", value.Borrow(o.Handle()))
	if tr.Export != "[method]thing.get" {
		t.Errorf("export %q", tr.Export)
	}
	// So does each instance of a program.
	p := program(t, runner.Options{}, "resources")
	j, k := instantiate(t, p, nil), instantiate(t, p, nil)
	v := call(t, j, things+"[constructor]thing", value.U32(1))
	if err := k.DropResource(context.Background(), v); err == nil || !strings.Contains(err.Error(), "another instance") {
		t.Errorf("dropped a resource of another instance: %v", err)
	}
	trap(t, k, user+"keep", "of another type", v)
	if err := j.DropResource(context.Background(), v); err != nil {
		t.Error(err)
	}
}

func TestResourceTraps(t *testing.T) {
	for _, r := range []struct {
		f, want string
		lend    bool
	}{
		{user + "forget", "borrow handles still remain at the end of the call", true},
		{user + "twice", "unknown handle index", false},
	} {
		i := fixture(t, "resources", nil)
		arg := value.U32(3)
		if r.lend {
			arg = value.Borrow(call(t, i, user+"make", arg).Handle())
		}
		trap(t, i, r.f, r.want, arg)
		trap(t, i, things+"live", "cannot enter component instance")
	}
}

// items implements a host with the resource item, whose representation is a *int.
type items struct {
	made, dropped []int
	taken         []*int
}

func (h *items) linker() *runner.Linker {
	l := runner.NewLinker()
	i := l.Instance("ns:h/items@0.2.12")
	i.Resource("item", func(_ context.Context, v any) error {
		h.dropped = append(h.dropped, *v.(*int))
		return nil
	})
	i.Func("[constructor]item", func(_ context.Context, args []value.Value) (value.Value, error) {
		n := int(args[0].Bits())
		h.made = append(h.made, n)
		return value.Own(&n), nil
	})
	get := func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(uint32(*args[0].Handle().(*int))), nil
	}
	i.Func("[method]item.get", get)
	i.Func("take", func(_ context.Context, args []value.Value) (value.Value, error) {
		h.taken = append(h.taken, args[0].Handle().(*int))
		return get(nil, args)
	})
	l.Instance("ns:h/more@0.2.4").Func("peek", get)
	return l
}

// A host resource keeps its Go value. drop is called once, whether the guest drops the resource or
// never does. Versions on one track share an interface: the guest imports 0.2.0 and 0.2.3.
func TestHostResource(t *testing.T) {
	ctx := context.Background()
	var h items
	i, err := h.linker().Instantiate(ctx, program(t, runner.Options{}, "host"))
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, i, "use", value.U32(5)); got.Bits() != 10 {
		t.Errorf("use = %d", got.Bits())
	}
	if got := call(t, i, "give", value.U32(6)); got.Bits() != 6 {
		t.Errorf("give = %d", got.Bits())
	}
	call(t, i, "leak", value.U32(7))
	n := 8
	if got := call(t, i, "back", value.Own(&n)); got.Handle() != any(&n) {
		t.Errorf("back = %v, want the same pointer", got.Handle())
	}
	if !slices.Equal(h.dropped, []int{5}) || len(h.taken) != 1 {
		t.Errorf("dropped %v, taken %d", h.dropped, len(h.taken))
	}
	for range 2 {
		if err := i.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(h.dropped, []int{5, 7}) || !slices.Equal(h.made, []int{5, 6, 7}) {
		t.Errorf("dropped %v, made %v", h.dropped, h.made)
	}
	trap(t, i, "use", "cannot enter component instance", value.U32(1))
}

func TestHostResourceUseAfterDrop(t *testing.T) {
	var h items
	i := fixture(t, "host", h.linker())
	n := 1
	trap(t, i, "after-drop", "unknown handle index 1", value.Own(&n))
	if !slices.Equal(h.dropped, []int{1}) {
		t.Errorf("dropped %v", h.dropped)
	}
}

// An error of drop becomes the trap of the guest that dropped the resource.
func TestHostDropFails(t *testing.T) {
	var h items
	l := h.linker()
	failure := errors.New("cannot let go")
	l.Instance("ns:h/items@0.2.12").Resource("item", func(context.Context, any) error { return failure })
	i := fixture(t, "host", l)
	if tr := trap(t, i, "use", "cannot let go", value.U32(1)); !errors.Is(tr, failure) {
		t.Errorf("cause %v", tr.Cause)
	}
}

// A resource is the same at run time under all its type names.
func TestResourceAliases(t *testing.T) {
	var h items
	i := fixture(t, "aliases", h.linker())
	n := 6
	if got := call(t, i, "peek", value.Own(&n)); got.Bits() != 6 {
		t.Errorf("peek = %d", got.Bits())
	}
	if !slices.Equal(h.dropped, []int{6}) {
		t.Errorf("dropped %v", h.dropped)
	}
	v := call(t, i, "ns:h/hider make", value.U32(9))
	if got := call(t, i, "ns:h/hider get", value.Borrow(v.Handle())); got.Bits() != 9 {
		t.Errorf("get = %d", got.Bits())
	}
}

// In messages a resource has the name of its first export, although its definition is anonymous.
func TestResourceNames(t *testing.T) {
	ctx := context.Background()
	for _, export := range []string{
		`(export $thing "thing" (type $r))`,
		`(export $thing "thing" (type $r) (type (sub resource)))`,
		`(component $shim
			(import "import-type" (type $r (sub resource)))
			(export "thing" (type $r)))
		(instance $i (instantiate $shim (with "import-type" (type $r))))
		(export $e "iface" (instance $i))
		(alias export $e "thing" (type $thing))`,
	} {
		i := instantiate(t, text(t, runner.Options{}, `(component
			(type $r (resource (rep i32)))
			(core func $new (canon resource.new $r))
			(core module $m (func (export "use") (param i32)))
			(core instance $m (instantiate $m))
			`+export+`
			(func (export "new") (param "rep" u32) (result (own $thing)) (canon lift (core func $new)))
			(func (export "use") (param "t" (borrow $thing)) (canon lift (core func $m "use"))))`), nil)
		v := call(t, i, "new", value.U32(1))
		if err := i.DropResource(ctx, v); err != nil {
			t.Fatal(err)
		}
		trap(t, i, "use", "resource `thing` was dropped or given away before", v)
	}
}

// Imported and aliased types each take an index, so a resource defined after them is found
// correctly.
func TestResourceAfterOtherTypes(t *testing.T) {
	const resource = `
		(type $r (resource (rep i32)))
		(core func $new (canon resource.new $r))
		(core func $rep (canon resource.rep $r))
		(core module $m
			(import "" "new" (func $new (param i32) (result i32)))
			(import "" "rep" (func $rep (param i32) (result i32)))
			(func (export "f") (param i32) (result i32) (call $rep (call $new (local.get 0)))))
		(core instance $m (instantiate $m (with "" (instance (export "new" (func $new)) (export "rep" (func $rep))))))
		(func (export "f") (param "n" u32) (result u32) (canon lift (core func $m "f")))`
	for name, source := range map[string]string{
		"import": `(component (type $u u32) (import "t" (type (eq $u))) ` + resource + `)`,
		"alias of an export": `(component
			(component $c (type $u u32) (export "t" (type $u)))
			(instance $c (instantiate $c))
			(alias export $c "t" (type))` + resource + `)`,
		"alias of an outer type": `(component
			(type $u u32)
			(component $c (alias outer 1 $u (type))` + resource + `)
			(instance $c (instantiate $c))
			(export "f" (func $c "f")))`,
		"export": `(component (type $u u32) (export "t" (type $u)) ` + resource + `)`,
	} {
		t.Run(name, func(t *testing.T) {
			i := instantiate(t, text(t, runner.Options{}, source), nil)
			if got := call(t, i, "f", value.U32(7)); got.Bits() != 7 {
				t.Errorf("got %d", got.Bits())
			}
		})
	}
}

// If a destructor traps when the host drops a resource, DropResource fails, and all components of
// the instance are dead.
func TestDestructorTraps(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(component $c
			(core module $m
				(func (export "dtor") (param i32) unreachable)
				(func (export "get") (result i32) i32.const 1))
			(core instance $m (instantiate $m))
			(type $r (resource (rep i32) (dtor (core func $m "dtor"))))
			(core func $new (canon resource.new $r))
			(export $e "r" (type $r))
			(func (export "new") (param "rep" u32) (result (own $e)) (canon lift (core func $new)))
			(func (export "get") (result u32) (canon lift (core func $m "get"))))
		(instance $a (instantiate $c))
		(instance $b (instantiate $c))
		(export "a" (instance $a))
		(export "b" (instance $b)))`), nil)
	v := call(t, i, "a new", value.U32(1))
	err := i.DropResource(context.Background(), v)
	var tr *runner.Trap
	if !errors.As(err, &tr) || tr.Message != "wasm `unreachable` instruction executed" || len(tr.Frames) != 1 {
		t.Fatalf("got %v", err)
	}
	for _, f := range []string{"a get", "b get"} {
		if _, err := fn(t, i, f).Call(context.Background()); !errors.Is(err, runner.ErrTrapped) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if err := i.DropResource(context.Background(), v); err != nil {
		t.Errorf("dropped again: %v", err)
	}
}

// Drop functions can find out whether the guest drops the resource or its instance is closed.
func TestClosing(t *testing.T) {
	ctx := context.Background()
	var h items
	var got []bool
	l := h.linker()
	l.Instance("ns:h/items@0.2.12").Resource("item", func(ctx context.Context, _ any) error {
		got = append(got, runner.Closing(ctx))
		return nil
	})
	i, err := l.Instantiate(ctx, program(t, runner.Options{}, "host"))
	if err != nil {
		t.Fatal(err)
	}
	call(t, i, "use", value.U32(5))
	call(t, i, "leak", value.U32(7))
	if err := i.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []bool{false, true}) {
		t.Errorf("closing: %v", got)
	}
}

// A host resource needs no drop function, neither when the guest drops it nor when its instance is
// closed.
func TestHostResourceWithoutDrop(t *testing.T) {
	var h items
	l := h.linker()
	l.Instance("ns:h/items@0.2.12").Resource("item", nil)
	i := fixture(t, "host", l)
	call(t, i, "use", value.U32(5))
	call(t, i, "leak", value.U32(7))
	if err := i.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// A resource of one guest can be the value of a host resource in another guest. It stays the
// host's.
func TestGuestResourceAsHostValue(t *testing.T) {
	i := fixture(t, "resources", nil)
	v := call(t, i, things+"[constructor]thing", value.U32(7))
	var h items
	j := fixture(t, "host", h.linker())
	if back := call(t, j, "back", value.Own(v.Handle())); back.Handle() != v.Handle() {
		t.Errorf("got %v", back)
	}
	wantState(t, i, things, "1 live, 0 last")
	if err := i.DropResource(context.Background(), v); err != nil {
		t.Fatal(err)
	}
	wantState(t, i, things, "0 live, 7 last")
}

// A resource that the host lends to a call cannot be given away during the call, however it is
// lent. After the call it can.
func TestLentResourceIsGivenAway(t *testing.T) {
	const message = "cannot remove owned resource while borrowed"
	p := text(t, runner.Options{}, `(component
		(component $maker
			(core module $m
				(func (export "both") (param i32 i32))
				(func (export "look") (param i32)))
			(core instance $m (instantiate $m))
			(type $r (resource (rep i32)))
			(core func $new (canon resource.new $r))
			(export $e "r" (type $r))
			(func (export "new") (param "rep" u32) (result (own $e)) (canon lift (core func $new)))
			(func (export "both") (param "lent" (borrow $e)) (param "given" (own $e)) (canon lift (core func $m "both")))
			(func (export "look") (param "lent" (borrow $e)) (canon lift (core func $m "look"))))
		(component $user
			(import "r" (type $r (sub resource)))
			(core func $drop (canon resource.drop $r))
			(core module $m
				(import "" "drop" (func $drop (param i32)))
				(func (export "both") (param i32 i32) (call $drop (local.get 0)))
				(func (export "look") (param i32) (call $drop (local.get 0))))
			(core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
			(func (export "both") (param "lent" (borrow $r)) (param "given" (own $r)) (canon lift (core func $m "both")))
			(func (export "look") (param "lent" (borrow $r)) (canon lift (core func $m "look"))))
		(instance $maker (instantiate $maker))
		(instance $user (instantiate $user (with "r" (type $maker "r"))))
		(export $m "maker" (instance $maker))
		(alias export $m "r" (type $r))
		(export "user" (instance $user)))`)
	for _, callee := range []string{"maker", "user"} {
		for _, borrow := range []bool{true, false} {
			lend := func(v value.Value) value.Value {
				if borrow {
					return value.Borrow(v.Handle())
				}
				return v
			}
			i := instantiate(t, p, nil)
			a, b := call(t, i, "maker new", value.U32(1)), call(t, i, "maker new", value.U32(2))
			call(t, i, callee+" look", lend(a))
			call(t, i, callee+" both", lend(a), b)
			c := call(t, i, "maker new", value.U32(3))
			call(t, i, callee+" both", lend(c), a)
			trap(t, i, callee+" both", message, lend(c), c)
		}
	}
}
