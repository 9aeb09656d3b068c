package main_test

import (
	"strings"
	"unicode"
)

// deed is what every payload would do if a browser took it for a program.
const deed = `document.documentElement.dataset.owned=1`

// scripts are texts that a careless page would run or build elements from. DO stands for the deed.
var scripts = strings.Split(strings.ReplaceAll(strings.TrimSpace(`
<script>DO</script>
</script><script>DO</script>
"><script>DO</script>
'><script>DO</script>
<ScRiPt>DO</sCrIpT>
<script/x>DO</script>
<script >DO</script >
<scr<script>ipt>DO</scr</script>ipt>
<script type=module>DO</script>
<script src=data:text/javascript,DO></script>
<<script>DO//<</script>
<script>DO
<img src=x onerror=DO>
<img src=x onerror="DO">
"><img src=x onerror=DO>
' onerror=DO src=x '
<img/src=x/onerror=DO>
<IMG SRC=x oNeRrOr=DO>
<img src=x onerror=DO
<img src="x`+"`"+`<script>DO</script>"`+"`"+`>
<image src=x onerror=DO>
<img srcset=x onerror=DO>
<svg onload=DO>
<svg/onload=DO>
<svg><script>DO</script></svg>
<svg><animate onbegin=DO attributeName=x dur=1s>
<svg><foreignObject><body xmlns=http://www.w3.org/1999/xhtml onload=DO></foreignObject></svg>
<svg><use href=data:image/svg+xml,x#x></svg>
<svg><a xlink:href=javascript:DO><text>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=DO>
<math href=javascript:DO>x</math>
<body onload=DO>
<iframe src=javascript:DO></iframe>
<iframe srcdoc="<script>parent.DO</script>"></iframe>
<iframe srcdoc=&lt;script&gt;parent.DO&lt;/script&gt;></iframe>
<details open ontoggle=DO>x</details>
<video src=x onerror=DO></video>
<video><source onerror=DO></video>
<audio src=x onerror=DO>
<object data=javascript:DO></object>
<embed src=javascript:DO>
<input autofocus onfocus=DO>
<select autofocus onfocus=DO>
<marquee onstart=DO>x</marquee>
<div style=animation-name:x onanimationstart=DO>
<div style=width:expression(DO)>
<style>@import 'data:text/css,*{color:red}';</style>
<style><img src="</style><img src=x onerror=DO>">
<link rel=stylesheet href=data:text/css,*{display:none}>
<link rel=import href=data:text/html,<script>DO</script>>
<meta http-equiv=refresh content="0;url=javascript:DO">
<base href=javascript:DO//>
<form action=javascript:DO><button autofocus>x</button></form>
<button formaction=javascript:DO>x</button>
<a href=javascript:DO>x</a>
<a href="java&#115;cript:DO">x</a>
javascript:DO
JaVaScRiPt:DO
data:text/html,<script>DO</script>
vbscript:DO
&lt;script&gt;DO&lt;/script&gt;
&#60;img src=x onerror=DO&#62;
&#x3c;img src=x onerror=DO&#x3e;
\u003cimg src=x onerror=DO\u003e
%3Cimg src=x onerror=DO%3E
{{constructor.constructor('DO')()}}
${DO}
#{DO}
<%= DO %>
<!--><img src=x onerror=DO>-->
<!-- --!><img src=x onerror=DO>
<![CDATA[><img src=x onerror=DO>]]>
<?xml version="1.0"?><img src=x onerror=DO>
</textarea><img src=x onerror=DO>
</title><img src=x onerror=DO>
</style><img src=x onerror=DO>
<noscript><p title="</noscript><img src=x onerror=DO>">
<template><img src=x onerror=DO></template>
<template shadowrootmode=open><img src=x onerror=DO></template>
<custom-element onclick=DO>
<slot-card><img src=x onerror=DO></slot-card>
");DO;("
';DO;'
__proto__
constructor
`), "DO", deed), "\n")

// oddities are texts whose bytes are the trouble: signs that nobody sees, or far too many.
var oddities = []string{
	"a\u2028<img src=x onerror=" + deed + ">\u2029", "\u202e<img src=x onerror=" + deed + ">\u202c", "<img\x00 src=x onerror=" + deed + ">",
	"\xff\xfe<script>" + deed + "</script>", "<img\tsrc=x\tonerror=" + deed + ">", "<img\nsrc=x\ronerror=" + deed + ">",
	"\ufeff<svg onload=" + deed + ">", "+ADw-script+AD4-" + deed, "\x1b]8;;javascript:" + deed + "\x07x\x1b]8;;\x07",
	strings.Repeat("<b>", 3000) + "<img src=x onerror=" + deed + ">", // 10 kB
}

// worded are the scripts without a space, as the name of a client must be.
func worded() []string {
	var out []string
	for _, s := range scripts {
		if strings.IndexFunc(s, unicode.IsSpace) < 0 {
			out = append(out, s)
		}
	}
	return out
}
