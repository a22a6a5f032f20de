package types

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// samples has a type of every form, with all its fields filled in.
func samples() map[string]Type {
	list := []Type{Bool, &Record{}, &Variant{}, &List{}, &FixedList{}, &Tuple{}, &Flags{}, &Enum{}, &Option{}, &Result{}, &Map{}, &Own{},
		&Borrow{}, &Stream{}, &Future{}, &Named{}, &Resource{}, &Func{}, &Instance{}, &Component{}}
	f := &filler{}
	out := map[string]Type{}
	for _, t := range list {
		if v := reflect.ValueOf(t); v.Kind() == reflect.Pointer {
			f.fill(v.Elem())
		}
		out[reflect.Indirect(reflect.ValueOf(t)).Type().Name()] = t
	}
	return out
}

// filler fills the fields of types with values that differ from each other.
type filler struct{ n int }

func (f *filler) next(prefix string) string {
	f.n++
	return fmt.Sprintf("%s%d", prefix, f.n)
}

func (f *filler) typ() Type { return &Enum{[]string{f.next("part")}} }

func (f *filler) fill(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *Items:
		*x = NewItems([]Item{
			{Name: f.next("func"), Type: &Func{Result: f.typ().(ValType)}},
			{Name: f.next("instance"), Type: &Instance{}},
			{Name: f.next("component"), Type: &Component{}},
			{Name: f.next("module"), Type: &Module{}},
			{Name: f.next("value"), Type: &Value{f.typ().(ValType)}},
			{Name: f.next("type"), Type: &Bound{f.typ()}},
		})
		return
	case *Type:
		*x = f.typ()
		return
	case *ValType:
		*x = f.typ().(ValType)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Pointer: // to a resource that the type binds
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.String:
		v.SetString(f.next("name"))
	case reflect.Uint8, reflect.Uint32:
		f.n++
		v.SetUint(uint64(f.n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(v.Type())
	}
}

// partsOf finds the parts of a type by looking at all its fields.
func partsOf(v reflect.Value) (out []Type) {
	switch x := v.Interface().(type) {
	case Items:
		for _, item := range x.All() {
			switch e := item.Type.(type) {
			case *Value:
				out = append(out, e.Type)
			case *Bound:
				out = append(out, e.Type)
			case *Module:
			case Type:
				out = append(out, e)
			default:
				panic(fmt.Sprintf("%T", e))
			}
		}
		return out
	case Type:
		return []Type{x}
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, partsOf(v.Field(i))...)
		}
	case reflect.Slice:
		if v.Type().Elem() != reflect.TypeFor[*Resource]() { // resources that the type binds
			for i := range v.Len() {
				out = append(out, partsOf(v.Index(i))...)
			}
		}
	}
	return out
}

// namesIn finds the names that stand in a list of a type.
func namesIn(v reflect.Value) (out []string) {
	for i := range v.NumField() {
		list := v.Field(i)
		if list.Kind() != reflect.Slice {
			continue
		}
		for k := range list.Len() {
			x := list.Index(k)
			if x.Kind() == reflect.Struct {
				x = x.FieldByName("Name")
			}
			if x.Kind() == reflect.String {
				out = append(out, x.String())
			}
		}
	}
	return out
}

// TestTraversalsKnowAllForms fails if a form of type is added, or a field to one, that Parts,
// MapParts or Members do not know.
func TestTraversalsKnowAllForms(t *testing.T) {
	all := samples()
	if got, want := slices.Sorted(maps.Keys(all)), formsOfType(t); !slices.Equal(got, want) {
		t.Fatalf("the samples are\n%v, the forms\n%v", got, want)
	}
	for name, x := range all {
		t.Run(name, func(t *testing.T) {
			var want []Type
			if v := reflect.ValueOf(x); v.Kind() == reflect.Pointer {
				want = partsOf(v.Elem())
			}
			got := slices.Collect(Parts(x))
			if !slices.Equal(got, want) {
				t.Errorf("Parts yields %v, want %v", got, want)
			}
			for n := range want {
				count := 0
				for range Parts(x) {
					if count++; count > n {
						break
					}
				}
			}
			checkMapParts(t, x, want)
			var labels []string
			if v := reflect.ValueOf(x); v.Kind() == reflect.Pointer && name != "Func" {
				labels = namesIn(v.Elem())
			}
			if got := slices.Collect(Labels(x)); !slices.Equal(got, labels) {
				t.Errorf("Labels yields %q, want %q", got, labels)
			}
			if got := HasMembers(x); got != (len(labels) > 0) {
				t.Errorf("HasMembers: %v for %q", got, labels)
			}
		})
	}
}

// checkMapParts replaces all parts of a type, and each by itself.
func checkMapParts(t *testing.T, x Type, parts []Type) {
	if got := MapParts(x, func(p Type) Type { return p }); got != x {
		t.Errorf("MapParts without a change returns another type: %v", got)
	}
	for _, p := range parts {
		other := twin(p)
		there := MapParts(x, func(q Type) Type {
			if q == p {
				return other
			}
			return q
		})
		var want []Type
		for _, q := range parts {
			if q == p {
				q = other
			}
			want = append(want, q)
		}
		if got := slices.Collect(Parts(there)); there == x || !slices.Equal(got, want) {
			t.Errorf("with %v replaced, the parts are %v, want %v", p, got, want)
		}
		back := MapParts(there, func(q Type) Type {
			if q == other {
				return p
			}
			return q
		})
		if back == x || !reflect.DeepEqual(back, x) {
			t.Errorf("MapParts there and back: got %v, want %v", back, x)
		}
	}
	if got := slices.Collect(Parts(x)); !slices.Equal(got, parts) {
		t.Errorf("MapParts changes its argument: %v", got)
	}
}

// twin returns another type of the same kind.
func twin(t Type) Type {
	switch t.(type) {
	case *Func:
		return &Func{Async: true}
	case *Instance:
		return &Instance{Resources: []*Resource{{}}}
	case *Component:
		return &Component{ImportedResources: []*Resource{{}}}
	}
	return &Flags{[]string{"twin"}}
}

// formsOfType returns the names of the types with the method isType, as the source declares them.
func formsOfType(t *testing.T) []string {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == "isType" && d.Recv != nil {
				recv := d.Recv.List[0].Type
				if star, ok := recv.(*ast.StarExpr); ok {
					recv = star.X
				}
				names = append(names, recv.(*ast.Ident).Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Parts that are omitted are no parts.
func TestOmittedParts(t *testing.T) {
	for _, x := range []Type{nil, &Variant{[]Case{{Name: "a"}}}, &Result{}, &Stream{}, &Future{}, &Func{}} {
		if got := slices.Collect(Parts(x)); len(got) > 0 {
			t.Errorf("%v has parts: %v", x, got)
		}
		if got := MapParts(x, func(Type) Type { return Bool }); got != x {
			t.Errorf("%v has parts to map: %v", x, got)
		}
	}
	r := &Result{Err: U8}
	if got := MapParts(r, func(Type) Type { return Bool }); TypeString(got) != "result<_, bool>" {
		t.Errorf("got %s", TypeString(got))
	}
}

// Members come with their types, and a loop can end early.
func TestMembers(t *testing.T) {
	var got []string
	for name, typ := range Members(&Variant{[]Case{{"a", U8}, {"b", nil}, {"c", Char}, {"d", nil}}}) {
		got = append(got, fmt.Sprint(name, " ", typ))
		if name == "c" {
			break
		}
	}
	if got := strings.Join(got, ", "); got != "a u8, b <nil>, c char" {
		t.Errorf("got %s", got)
	}
	for _, x := range []Type{&Record{[]Field{{"a", U8}, {"b", U8}}}, &Enum{[]string{"a", "b"}}, &Flags{[]string{"a", "b"}}} {
		for name := range Labels(x) {
			if name != "a" {
				t.Errorf("%v goes on after the end of the loop", x)
			}
			break
		}
	}
}
