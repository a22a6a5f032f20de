package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/wit"
)

// Names is one of the two naming schemes for the imports and exports of core modules. The zero
// value is [StandardNames].
type Names uint8

const (
	// StandardNames are those of the build target cm32p2 (BuildTargets.md): `cm32p2|ns:pkg/iface@1`.
	// They support synchronous functions only.
	StandardNames Names = iota
	// LegacyNames are the names that nearly all toolchains use: `ns:pkg/iface@1.2.3`, `[method]r.m`,
	// `cabi_post_f`.
	LegacyNames
)

// standardPrefix is the prefix of all standard names.
const standardPrefix = "cm32p2"

// rootModule is the module from which core modules import functions of the world itself, in legacy
// names.
const rootModule = "$root"

// The prefixes of legacy names.
const (
	exportPrefix   = "[export]"
	asyncLower     = "[async-lower]"
	asyncLift      = "[async-lift]"
	asyncStackful  = "[async-lift-stackful]"
	callbackPrefix = "[callback]"
	postPrefix     = "cabi_post_"
	dtorPrefix     = "[dtor]"
	taskReturn     = "[task-return]"
	resourceDrop   = "[resource-drop]"
	resourceNew    = "[resource-new]"
	resourceRep    = "[resource-rep]"
)

// trackName returns the name of an item with the semver track in place of the version.
func trackName(i *wit.WorldItem) string {
	if i.Name == "" {
		return i.Interface.ID().TrackName()
	}
	return i.Name
}

// importModule returns the name of the core module to import functions of an item from. A nil item
// stands for the world itself.
func (n Names) importModule(i *wit.WorldItem, exported bool) string {
	if n == LegacyNames {
		m := rootModule
		if i != nil {
			m = i.ExternName()
		}
		if exported {
			m = exportPrefix + m
		}
		return m
	}
	switch {
	case i == nil:
		return standardPrefix
	case exported:
		return standardPrefix + "|_ex_" + trackName(i)
	}
	return standardPrefix + "|" + trackName(i)
}

// importFunc returns the name under which a function is imported.
func (n Names) importFunc(f *wit.Func, v variant) string {
	if v == importAsync {
		return asyncLower + f.Name
	}
	return f.Name
}

// resource returns the name of an intrinsic of a resource: "drop", "new" or "rep".
func (n Names) resource(what, label string) string {
	if n == LegacyNames {
		return fmt.Sprintf("[resource-%s]%s", what, label)
	}
	return label + "_" + what
}

// exportFunc returns the name under which a function is exported. The item is nil for functions of
// the world itself.
func (n Names) exportFunc(i *wit.WorldItem, f *wit.Func, v variant) string {
	if n == LegacyNames {
		switch v {
		case exportCallback:
			return asyncLift + legacyExport(i, f.Name)
		case exportStackful:
			return asyncStackful + legacyExport(i, f.Name)
		}
		return legacyExport(i, f.Name)
	}
	home := ""
	if i != nil {
		home = trackName(i)
	}
	return standardPrefix + "|" + home + "|" + f.Name
}

func legacyExport(i *wit.WorldItem, item string) string {
	if i == nil {
		return item
	}
	return i.ExternName() + "#" + item
}

// postReturn returns the name of the post-return function of an export.
func (n Names) postReturn(export string) string {
	if n == LegacyNames {
		return postPrefix + export
	}
	return export + "_post"
}

// dtor returns the name of the destructor of a resource.
func (n Names) dtor(i *wit.WorldItem, label string, v variant) string {
	if n == LegacyNames {
		name := legacyExport(i, dtorPrefix+label)
		switch v {
		case exportCallback:
			return asyncLift + name
		case exportStackful:
			return asyncStackful + name
		}
		return name
	}
	return standardPrefix + "|" + trackName(i) + "|" + label + "_dtor"
}

// memory, realloc and initialize return the names of the exports that serve all functions.
func (n Names) memory() string     { return n.choose("memory", "_memory") }
func (n Names) realloc() string    { return n.choose("cabi_realloc", "_realloc") }
func (n Names) initialize() string { return n.choose("_initialize", "_initialize") }

func (n Names) choose(legacy, standard string) string {
	if n == LegacyNames {
		return legacy
	}
	return standardPrefix + standard
}
