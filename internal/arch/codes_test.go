package arch

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestCodesHaveOneNaming wants the names of constants of type diag.Code to start with Code.
func TestCodesHaveOneNaming(t *testing.T) {
	n := 0
	goFiles(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, d := range parse(t, file).Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				for _, name := range codesOf(s.(*ast.ValueSpec)) {
					if n++; !strings.HasPrefix(name, "Code") {
						t.Errorf("%s: the code %s should be called Code%s", file, name, name)
					}
				}
			}
		}
	})
	if n < 50 {
		t.Errorf("only %d codes found", n)
	}
}

// codesOf returns the names of constants of type diag.Code.
func codesOf(v *ast.ValueSpec) (names []string) {
	sel, ok := v.Type.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Code" {
		return nil
	}
	if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "diag" {
		return nil
	}
	for _, n := range v.Names {
		names = append(names, n.Name)
	}
	return names
}
