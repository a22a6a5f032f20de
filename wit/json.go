package wit

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/model/types"
)

// JSONOptions configures [AppendJSON]. The zero value writes everything.
type JSONOptions struct {
	// NoDocs omits documentation.
	NoDocs bool
}

// AppendJSON appends the model as JSON, indented by two spaces, in the format of `wasm-tools
// component wit --json`: the lists worlds, interfaces, types and packages, whose elements refer to
// each other by index. The JSON does not end in a newline.
func AppendJSON(dst []byte, m *Model, o JSONOptions) []byte {
	j := &jsonWriter{JSONOptions: o, dst: dst, m: m, types: map[*TypeDef]int{}, ifaces: map[*Interface]int{}, worlds: map[*World]int{}, pkgs: map[*Package]int{}}
	for n, t := range m.Types {
		j.types[t] = n
	}
	for n, i := range m.Interfaces {
		j.ifaces[i] = n
	}
	for n, w := range m.Worlds {
		j.worlds[w] = n
	}
	for n, p := range m.Packages {
		j.pkgs[p] = n
	}
	j.object(func() {
		j.key("worlds")
		list(j, m.Worlds, j.world)
		j.key("interfaces")
		list(j, m.Interfaces, j.iface)
		j.key("types")
		list(j, m.Types, j.typeDef)
		j.key("packages")
		list(j, m.Packages, j.pkg)
	})
	return j.dst
}

// jsonWriter writes indented JSON.
type jsonWriter struct {
	JSONOptions
	dst    []byte
	depth  int
	empty  bool // nothing was written since the last opening brace or bracket
	m      *Model
	types  map[*TypeDef]int
	ifaces map[*Interface]int
	worlds map[*World]int
	pkgs   map[*Package]int
}

func (j *jsonWriter) newline() {
	j.dst = append(j.dst, '\n')
	for range j.depth {
		j.dst = append(j.dst, "  "...)
	}
}

func (j *jsonWriter) block(open, close byte, body func()) {
	j.dst = append(j.dst, open)
	j.depth++
	j.empty = true
	body()
	j.depth--
	if !j.empty {
		j.newline()
	}
	j.dst = append(j.dst, close)
	j.empty = false
}

func (j *jsonWriter) object(body func()) { j.block('{', '}', body) }

// next starts an element of an object or array.
func (j *jsonWriter) next() {
	if !j.empty {
		j.dst = append(j.dst, ',')
	}
	j.newline()
	j.empty = false
}

func (j *jsonWriter) key(k string) {
	j.next()
	j.str(k)
	j.dst = append(j.dst, ": "...)
}

func list[T any](j *jsonWriter, elems []T, write func(T)) {
	j.block('[', ']', func() {
		for _, e := range elems {
			j.next()
			write(e)
		}
	})
}

func (j *jsonWriter) int(n int) {
	j.dst = strconv.AppendInt(j.dst, int64(n), 10)
	j.empty = false
}

func (j *jsonWriter) null() {
	j.dst = append(j.dst, "null"...)
	j.empty = false
}

// str writes a string and escapes only the characters that serde_json escapes.
func (j *jsonWriter) str(s string) {
	const hex = "0123456789abcdef"
	j.dst = append(j.dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			j.dst = utf8.AppendRune(j.dst, r)
			i += n
			continue
		}
		i++
		switch {
		case c == '"' || c == '\\':
			j.dst = append(j.dst, '\\', c)
		case c == '\n':
			j.dst = append(j.dst, `\n`...)
		case c == '\r':
			j.dst = append(j.dst, `\r`...)
		case c == '\t':
			j.dst = append(j.dst, `\t`...)
		case c == '\b':
			j.dst = append(j.dst, `\b`...)
		case c == '\f':
			j.dst = append(j.dst, `\f`...)
		case c < ' ':
			j.dst = append(j.dst, `\u00`...)
			j.dst = append(j.dst, hex[c>>4], hex[c&15])
		default:
			j.dst = append(j.dst, c)
		}
	}
	j.dst = append(j.dst, '"')
	j.empty = false
}

func (j *jsonWriter) strKey(k, v string) {
	j.key(k)
	j.str(v)
}

func (j *jsonWriter) nameKey(v string) {
	j.key("name")
	if v == "" {
		j.null()
		return
	}
	j.str(v)
}

func (j *jsonWriter) docs(d Docs) {
	if d.Given && !j.NoDocs {
		j.key("docs")
		j.object(func() { j.strKey("contents", d.Text) })
	}
}

func (j *jsonWriter) stability(s Stability) {
	if s.IsZero() {
		return
	}
	j.key("stability")
	j.object(func() {
		deprecated := func() {
			if !s.Deprecated.IsZero() {
				j.strKey("deprecated", s.Deprecated.String())
			}
		}
		if s.Feature != "" {
			j.key("unstable")
			j.object(func() {
				j.strKey("feature", s.Feature)
				deprecated()
			})
			return
		}
		j.key("stable")
		j.object(func() {
			j.strKey("since", s.Since.String())
			deprecated()
		})
	})
}

func (j *jsonWriter) externalID(id string, has bool) {
	if has {
		j.strKey("external_id", id)
	}
}

func (j *jsonWriter) package_(p *Package) {
	j.key("package")
	if p == nil {
		j.null()
		return
	}
	j.int(j.pkgs[p])
}

func (j *jsonWriter) world(w *World) {
	j.object(func() {
		j.strKey("name", w.Name)
		j.key("imports")
		j.items(w.Imports)
		j.key("exports")
		j.items(w.Exports)
		j.package_(w.Package)
		j.docs(w.Docs)
		j.stability(w.Stability)
	})
}

func (j *jsonWriter) items(items []*WorldItem) {
	j.object(func() {
		for _, it := range items {
			k := it.Name
			if k == "" {
				k = "interface-" + strconv.Itoa(j.ifaces[it.Interface])
			}
			j.key(k)
			j.object(func() {
				switch {
				case it.Interface != nil:
					j.key("interface")
					j.object(func() {
						j.key("id")
						j.int(j.ifaces[it.Interface])
						j.stability(it.Stability)
						j.externalID(it.ExternalID, it.HasExternalID)
						j.docs(it.Docs)
					})
				case it.Func != nil:
					j.key("function")
					j.function(it.Func)
				default:
					j.key("type")
					j.int(j.types[it.Type])
				}
			})
		}
	})
}

func (j *jsonWriter) iface(i *Interface) {
	j.object(func() {
		j.nameKey(i.Name)
		j.key("types")
		j.object(func() {
			for _, t := range i.Types {
				j.key(t.Name)
				j.int(j.types[t])
			}
		})
		j.key("functions")
		j.object(func() {
			for _, f := range i.Funcs {
				j.key(f.Name)
				j.function(f)
			}
		})
		j.docs(i.Docs)
		j.stability(i.Stability)
		j.package_(i.Package)
		if i.CloneOf != nil {
			j.key("clone_of")
			j.int(j.ifaces[i.CloneOf])
		}
	})
}

func (j *jsonWriter) function(f *Func) {
	j.object(func() {
		j.strKey("name", f.Name)
		j.key("kind")
		word := map[FuncKind]string{Freestanding: "freestanding", Method: "method", Static: "static", Constructor: "constructor"}[f.Kind]
		if f.Async {
			word = "async-" + word
		}
		if f.Kind == Freestanding {
			j.str(word)
		} else {
			j.object(func() {
				j.key(word)
				j.int(j.types[f.Resource])
			})
		}
		j.key("params")
		list(j, f.Params, func(p Param) {
			j.object(func() {
				if p.Name != "" {
					j.strKey("name", p.Name)
				}
				j.key("type")
				j.typ(p.Type)
			})
		})
		if f.Result != nil {
			j.key("result")
			j.typ(f.Result)
		}
		j.docs(f.Docs)
		j.stability(f.Stability)
		j.externalID(f.ExternalID, f.HasExternalID)
	})
}

// typ writes a use of a type: the name of a primitive type, or the index of another type.
func (j *jsonWriter) typ(t types.Type) {
	switch t := t.(type) {
	case nil:
		j.null()
	case types.Prim:
		j.str(t.String())
	default:
		j.int(j.types[j.m.byType[t]])
	}
}

func (j *jsonWriter) val(t types.ValType) {
	if t == nil {
		j.null()
		return
	}
	j.typ(t)
}

func (j *jsonWriter) typeDef(t *TypeDef) {
	j.object(func() {
		j.nameKey(t.Name)
		j.key("kind")
		j.kind(t)
		j.key("owner")
		switch {
		case t.Interface != nil:
			j.object(func() { j.key("interface"); j.int(j.ifaces[t.Interface]) })
		case t.World != nil:
			j.object(func() { j.key("world"); j.int(j.worlds[t.World]) })
		default:
			j.null()
		}
		j.docs(t.Docs)
		j.stability(t.Stability)
		j.externalID(t.ExternalID, t.HasExternalID)
	})
}

// spelled returns the right-hand side of a definition, and reports whether it is another definition
// or a primitive type.
func (m *Model) spelled(t *TypeDef) (ty types.Type, alias bool) {
	n, ok := t.Type.(*types.Named)
	if !ok {
		return t.Type, false
	}
	if _, ok := n.Of.(types.Prim); ok || m.byType[n.Of] != nil {
		return n.Of, true
	}
	return n.Of, false
}

func (j *jsonWriter) kind(t *TypeDef) {
	ty, alias := j.m.spelled(t)
	one := func(k string, write func()) { j.object(func() { j.key(k); write() }) }
	if alias {
		one("type", func() { j.typ(ty) })
		return
	}
	switch ty := ty.(type) {
	case *types.Resource:
		j.str("resource")
	case *types.Record:
		one("record", func() {
			j.members("fields", len(ty.Fields), t, func(i int) (string, types.ValType) { return ty.Fields[i].Name, ty.Fields[i].Type }, true)
		})
	case *types.Variant:
		one("variant", func() {
			j.members("cases", len(ty.Cases), t, func(i int) (string, types.ValType) { return ty.Cases[i].Name, ty.Cases[i].Type }, true)
		})
	case *types.Flags:
		one("flags", func() {
			j.members("flags", len(ty.Names), t, func(i int) (string, types.ValType) { return ty.Names[i], nil }, false)
		})
	case *types.Enum:
		one("enum", func() {
			j.members("cases", len(ty.Names), t, func(i int) (string, types.ValType) { return ty.Names[i], nil }, false)
		})
	case *types.Own:
		one("handle", func() { one("own", func() { j.typ(ty.Of) }) })
	case *types.Borrow:
		one("handle", func() { one("borrow", func() { j.typ(ty.Of) }) })
	case *types.Tuple:
		one("tuple", func() { one("types", func() { list(j, ty.Elems, j.val) }) })
	case *types.Option:
		one("option", func() { j.val(ty.Elem) })
	case *types.Result:
		one("result", func() {
			j.object(func() { j.key("ok"); j.val(ty.OK); j.key("err"); j.val(ty.Err) })
		})
	case *types.List:
		one("list", func() { j.val(ty.Elem) })
	case *types.FixedList:
		one("fixed-length-list", func() {
			j.block('[', ']', func() { j.next(); j.val(ty.Elem); j.next(); j.int(int(ty.Len)) })
		})
	case *types.Map:
		one("map", func() { list(j, []types.ValType{ty.Key, ty.Value}, j.val) })
	case *types.Future:
		one("future", func() { j.val(ty.Elem) })
	case *types.Stream:
		one("stream", func() { j.val(ty.Elem) })
	default:
		panic(fmt.Sprintf("unreachable: %T", ty))
	}
}

func (j *jsonWriter) members(k string, n int, t *TypeDef, at func(int) (string, types.ValType), typed bool) {
	j.object(func() {
		j.key(k)
		j.block('[', ']', func() {
			for i := range n {
				name, ty := at(i)
				j.next()
				j.object(func() {
					j.strKey("name", name)
					if typed {
						j.key("type")
						j.val(ty)
					}
					if i < len(t.Members) {
						j.docs(t.Members[i].Docs)
					}
				})
			}
		})
	})
}

func (j *jsonWriter) pkg(p *Package) {
	j.object(func() {
		j.strKey("name", p.Name.String())
		j.docs(p.Docs)
		j.key("interfaces")
		j.object(func() {
			for _, i := range p.Interfaces {
				j.key(i.Name)
				j.int(j.ifaces[i])
			}
		})
		j.key("worlds")
		j.object(func() {
			for _, w := range p.Worlds {
				j.key(w.Name)
				j.int(j.worlds[w])
			}
		})
	})
}
