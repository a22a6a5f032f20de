package wit

import "strings"

// String returns the gate as attributes, such as `@since(version = 1.0.0) @deprecated(version =
// 1.1.0)`, or "" for the empty gate.
func (s Stability) String() string { return strings.Join(s.attributes(), " ") }

func (s Stability) attributes() []string {
	var out []string
	switch {
	case s.Feature != "":
		out = append(out, "@unstable(feature = "+s.Feature+")")
	case !s.Since.IsZero():
		out = append(out, "@since(version = "+s.Since.String()+")")
	}
	if !s.Deprecated.IsZero() {
		out = append(out, "@deprecated(version = "+s.Deprecated.String()+")")
	}
	return out
}
