package doc_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/doc"
)

const hostileTitle = `</title><script>alert("title")</script>`

// hostile has comments and names that try to break the page.
var hostile = `/// <script>alert(1)</script>
/// <img src=x onerror=alert(2)> and <style>* { display: none }</style>
package a:b@1.0.0-x.1+build.7;

/// [a](javascript:alert(3)) [b](JaVaScRiPt:alert(4)) [c](data:text/html,x) [d](vbscript:x) <javascript:alert(5)> [e](../../etc) [f](#nowhere)
/// [g](https://example.com/"onmouseover="x) ![h](https://example.com/x.png) [![i](x.png)](https://example.com) ![j](javascript:x)
///
/// [k]: javascript:alert(6)
/// [k] and [l][k]
interface i {
  /// # Heading
  ///
  /// Underlined
  /// over two lines
  /// ===
  ///
  /// <div>
  ///
  /// | a | b |
  /// |:-:|--:|
  /// | <b>x</b> | ` + "`y`" + ` |
  f: func();

  /// ` + "```" + `wit
  /// an open fence </code></pre><script>alert(7)</script>
  g: func();

  /// An odd ` + "`" + ` backtick and <!-- a comment that does not end
  h: func();

  /// - ~~~~
  ///   an open fence in a list
  k: func();

  @external-id("<script>alert(8)</script>\n` + "``" + `")
  ` + long("t") + `: func(` + long("p") + `: ` + long("r") + `) -> ` + long("r") + `;
  /// ` + strings.Repeat("x", 3000) + ` ` + "`" + strings.Repeat("y", 3000) + "`" + `
  record ` + long("r") + ` {
    /// A <i>field</i>.
    ` + long("f") + `: u8,
  }
  enum ` + long("e") + ` { ` + long("c") + ` }

  /// A method and the constructor may have one name.
  resource r {
    constructor();
    %constructor: func();
  }
  @unstable(feature = ` + long("g") + `)
  u: func();
}
world w {
  import %import: func();
  import %export: interface { %import: func(); }
  export %import: func();
  type %type = u8;
}
`

func long(s string) string { return strings.Repeat(s+"-", 150) + s }

func TestHostileHTML(t *testing.T) {
	page := doc.HTML(parse(t, hostile, wit.Options{AllFeatures: true}), doc.Options{Title: hostileTitle})
	checkPage(t, page)
	lower := strings.ToLower(string(page))
	if n := strings.Count(lower, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	if n := strings.Count(lower, "<style"); n != 1 {
		t.Errorf("%d styles", n)
	}
	for _, bad := range []string{"<img", "<div>\n\n", "<i>", "<b>", "href=\"javascript", "href=\"data:text", "<!--", " onmouseover", "raw html omitted", "<!-- "} {
		if strings.Contains(lower, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(2)&gt;", "<h6>Heading</h6>"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestHostileMarkdown(t *testing.T) {
	text := string(doc.Markdown(parse(t, hostile, wit.Options{AllFeatures: true}), doc.Options{}))
	inFence := ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if mark := strings.TrimRight(trimmed, "abcdefghijklmnopqrstuvwxyz"); strings.HasPrefix(trimmed, "```") {
			if inFence == "" {
				inFence = mark
			} else if trimmed == inFence {
				inFence = ""
			}
			continue
		}
		if inFence != "" {
			continue
		}
		if level := len(line) - len(strings.TrimLeft(line, "#")); level > 0 && level < 5 && !strings.Contains(line, "<a id=") &&
			line != "### Types\n" && line != "### Functions\n" && line != "### Imports\n" && line != "### Exports\n" {
			t.Errorf("a heading that is too high: %s", line)
		}
		for _, tag := range []string{"<script", "<img", "<style", "<div", "<!--"} {
			if code := strings.Contains(line, "external id"); strings.Contains(line, tag) && !code {
				t.Errorf("a tag: %s", line)
			}
		}
	}
	if inFence != "" {
		t.Errorf("a fence is open at the end")
	}
	checkFiles(t, []doc.File{{Data: []byte(text)}})
}

// TestDeep documents comments on which a Markdown parser might take long or recurse deeply.
func TestDeep(t *testing.T) {
	for name, comment := range map[string]string{
		"quotes":    strings.Repeat(">", 30000),
		"lists":     strings.Repeat("- ", 15000),
		"numbers":   strings.Repeat("1. ", 10000),
		"brackets":  strings.Repeat("[", 32000),
		"links":     strings.Repeat("[a](", 8000),
		"emphasis":  strings.Repeat("*a ", 10000) + strings.Repeat("b* ", 300),
		"backticks": strings.Repeat("`a``", 7000),
		"images":    strings.Repeat("![", 15000),
		"long":      strings.Repeat("a b\n/// ", 1<<20),
		"entities":  strings.Repeat("&a", 15000),
		"tables":    "|a|\n/// |-|\n/// " + strings.Repeat("|a", 15000),
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(t, "package a:b;\n/// "+comment+"\ninterface i { f: func(); }", wit.Options{})
			start := time.Now()
			doc.HTML(m, doc.Options{})
			doc.Markdown(m, doc.Options{})
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %s", d)
			} else {
				t.Log(d)
			}
		})
	}
}
