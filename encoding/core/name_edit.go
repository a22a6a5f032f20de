package core

import "github.com/mortise-wasm/mortise/encoding/internal/raw"

// MapFuncNames returns the payload of a name section with the names of functions replaced by the
// results of rename. All other bytes are kept. If no name changes, or the section cannot be read to
// its end, the result is payload itself.
func MapFuncNames(payload []byte, rename func(string) string) []byte {
	r := raw.NewReader(payload, 0, len(payload))
	w := &raw.Writer{}
	changed := false
	for r.Len() > 0 {
		start := r.Pos()
		id := r.Byte()
		sub := r.Sub(r.U32())
		if !r.OK() {
			break
		}
		if id != NameFunc {
			w.Bytes(payload[start:sub.End()])
			r.Join(sub)
			continue
		}
		var names raw.Writer
		n := sub.Count()
		names.U32(uint32(n))
		for range n {
			names.U32(sub.U32())
			old := sub.Name()
			if !sub.OK() {
				return payload
			}
			name := rename(old)
			changed = changed || name != old
			names.Name(name)
		}
		sub.Close()
		r.Join(sub)
		w.Byte(id)
		w.U32(uint32(len(names.Buf)))
		w.Bytes(names.Buf)
	}
	if !r.OK() || !changed {
		return payload
	}
	return w.Buf
}
