package doc

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommentMarkdown(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "One *two*.", "One *two*.\n"},
		{"tag", "a list<u8> and `list<u8>` and \\<b>", "a list&lt;u8> and `list<u8>` and \\<b>\n"},
		{"heading", "# A\ntext\n## B ##", "### A\ntext\n#### B ##\n"},
		{"deepest", "##### A", "###### A\n"},
		{"underlined", "A\n===\nB\nC\n---\nD", "### A\n#### B C\nD\n"},
		{"fence", "```wit\na <b>", "```wit\na <b>\n```\n"},
		{"tildes", "~~~~\na", "~~~~\na\n~~~~\n"},
		{"fence-closed", "```\na\n```\n", "```\na\n```\n"},
		{"indented", "a\n\n    <b>", "a\n\n    <b>\n"},
		{"nothing", " \n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := commentMarkdown(c.in, 3)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			checkMarkdown(t, c.in)
		})
	}
}

func TestSummary(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"One. Two.", "One."},
		{"See e.g. this. And", "See e.g. this."},
		{"Version 1.2 of `a.b`, &amp; *more*\nlines", "Version 1.2 of a.b, & more lines"},
		{"# Title\n\nText [link](x) ![picture](y).", "Text link picture."},
		{"# Title", "Title"},
		{"```\ncode\n```", ""},
		{strings.Repeat("word ", 30), "word word word word word word word word…"},
		{strings.Repeat("ä", 50), strings.Repeat("ä", 40) + "…"},
	} {
		if got := summary(c.in, 40); got != c.want {
			t.Errorf("summary of %q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestReadable(t *testing.T) {
	for in, want := range map[string]bool{
		"- a\n  - b":                    true,
		strings.Repeat("-", 200):        true,
		strings.Repeat("|---", 40):      true,
		strings.Repeat("> ", 40) + "a":  false,
		strings.Repeat("1. ", 40) + "a": false,
		strings.Repeat(" ", 300) + "a":  false,
		strings.Repeat("a", 40<<10):     false,
	} {
		if got := readable(in); got != want {
			t.Errorf("readable(%.20q): got %t", in, got)
		}
	}
}

// checkMarkdown fails if a comment affects the Markdown text around it.
func checkMarkdown(t *testing.T, comment string) {
	t.Helper()
	if out := commentMarkdown(comment, 3); !contained([]byte(out), 3) {
		t.Errorf("the comment breaks the text\n%q\n%q", comment, out)
	}
}

func TestContained(t *testing.T) {
	for in, want := range map[string]bool{
		"a *b*\n": true, "### a\n": true, "## a\n": false, "a\n---\n": false, "<b>a</b>\n": false, "<!-- a\n": false, "```\na\n": false,
		"> # a\n": false, "```\n# a\n```\n": true, "": true,
	} {
		if got := contained([]byte(in), 3); got != want {
			t.Errorf("contained(%q): got %t", in, got)
		}
	}
}

var (
	anyTag     = regexp.MustCompile(`<[^>]*>?`)
	allowedTag = regexp.MustCompile(`^</?(p|em|strong|code|pre|ul|ol|li|blockquote|h[3-6]|hr|br|del|table|thead|tbody|tr|th|td|a)` +
		`( (href="(#|(?i:https?://|mailto:))[^"<>]*"|rel="noopener noreferrer nofollow"|class="language-[^"<>]*"|start="[0-9]+"|align="(left|right|center)"))*>$`)
)

// checkHTML fails if a comment renders to any tag other than the allowed ones.
func checkHTML(t *testing.T, comment string) {
	t.Helper()
	n := &node{kind: kPackage, name: "a:b"}
	s := &site{packages: []*node{n}, byID: map[string]*node{}}
	out := s.commentHTML(n, comment, 3)
	for _, tag := range anyTag.FindAllString(out, -1) {
		if !allowedTag.MatchString(tag) {
			t.Errorf("tag %q\n%q\n%q", tag, comment, out)
		}
	}
}

func FuzzComment(f *testing.F) {
	for _, seed := range []string{
		"# A\ntext\n## B ##", "A\n===\nB\nC\n---\nD", "```wit\na <b>", "~~~~\na", "- ```\n  a\n", "> # x\n> y\n> ===\n", "<div>\n\n<b>", "a <b c=\"d\">",
		"[a](javascript:b)", "[a](<b c> 'd<e>')", "![a](b)", "<http://a.b/c>", "<a@b.c>", "|a|b|\n|:-|-:|\n|<c>|`d`|", "[a]: <b>\n'c <d>'\n\n[a]", "https://a.b/<c>",
		"1. a\n\n       <b>\n", "    <a>\n", "\\<a>", "&lt;a>", "``a ` <b>", "<!-- a", "<?a?>", "<![CDATA[a]]>", "\x00\xff<a>", "\ta\n\t===\n", "#\n##\n",
		">\t# x\n \n>=\ny ==>", "<?@C>", " ~~~\n ", "<Http://>.b/ca", "<!A@b.c>a@b.c>",
		"S\n-\nD===\n\xc2\nC\n---|\nC\n---\nDD",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		if len(comment) > 2000 {
			return
		}
		summary(comment, 80)
		checkHTML(t, comment)
		checkMarkdown(t, comment)
	})
}
