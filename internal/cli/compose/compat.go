package compose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// compatKey is a key of wasmtime's -S or -W groups. apply gets the value, "y" if none was given.
type compatKey struct {
	name  string
	apply func(o *runOptions, v string) error
}

// wasiKeys are the keys of -S. What is granted in any case takes no doing.
var wasiKeys = []compatKey{
	{"cli", onlyYes}, {"inherit-stdin", onlyYes}, {"inherit-stdout", onlyYes}, {"inherit-stderr", onlyYes}, {"preview2", onlyYes},
	{"inherit-env", func(o *runOptions, v string) (err error) { o.inheritEnv, err = yes(v); return err }},
}

// wasmKeys are the keys of -W, apart from those that name features.
var wasmKeys = []compatKey{
	{"timeout", func(o *runOptions, v string) (err error) { o.timeout, err = time.ParseDuration(v); return err }},
	{"max-memory-size", func(o *runOptions, v string) (err error) { o.memory, err = parseBytes(v); return err }},
	{"unknown-imports-trap", func(o *runOptions, v string) error {
		on, err := yes(v)
		if on {
			o.unknown = "trap"
		}
		return err
	}},
	{"component-model", onlyYes},
}

func yes(v string) (bool, error) {
	switch v {
	case "y", "yes", "true", "on", "1":
		return true, nil
	case "n", "no", "false", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("`%s` is neither y nor n", v)
}

// onlyYes is for what cannot be turned off.
func onlyYes(_ *runOptions, v string) error {
	on, err := yes(v)
	if err == nil && !on {
		err = fmt.Errorf("it cannot be turned off")
	}
	return err
}

// compatible takes in -S and -W.
func (o *runOptions) compatible() error {
	if err := o.applyKeys("-S", o.wasiKeys, wasiKeys, nil); err != nil {
		return err
	}
	return o.applyKeys("-W", o.wasmKeys, wasmKeys, o.featureKey)
}

// featureKey is a key of -W that turns a feature on or off.
func (o *runOptions) featureKey(key, v string) (bool, error) {
	if _, ok := feature.Lookup(key); !ok {
		return false, nil
	}
	on, err := yes(v)
	if !on {
		key = "-" + key
	}
	o.feats.Lists = append(o.feats.Lists, key)
	return true, err
}

func (o *runOptions) applyKeys(flag string, lists []string, known []compatKey, other func(k, v string) (bool, error)) error {
	for _, list := range lists {
		for kv := range strings.SplitSeq(list, ",") {
			k, v, ok := strings.Cut(kv, "=")
			if !ok {
				v = "y"
			}
			if err := o.applyKey(flag, k, v, known, other); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *runOptions) applyKey(flag, k, v string, known []compatKey, other func(k, v string) (bool, error)) error {
	i := slices.IndexFunc(known, func(c compatKey) bool { return c.name == k })
	if i < 0 {
		if other != nil {
			if ok, err := other(k, v); ok {
				if err != nil {
					return cli.Usagef("%s %s: %w", flag, k, err)
				}
				return nil
			}
		}
		names := make([]string, len(known))
		for i, c := range known {
			names[i] = c.name
		}
		more := ""
		if other != nil {
			more = ", and the names of features (see help features)"
		}
		return cli.Usagef("%s: unknown key `%s`; known are %s%s", flag, k, strings.Join(names, ", "), more)
	}
	if err := known[i].apply(o, v); err != nil {
		return cli.Usagef("%s %s: %w", flag, k, err)
	}
	return nil
}
