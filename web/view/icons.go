package view

// paths holds the strokes of every icon, on a grid of 16 by 16.
var paths = map[string]string{
	"logo":      "M8 1.5l5.6 3.25v6.5L8 14.5l-5.6-3.25v-6.5zM8 8l5.4-3.1M8 8v6.3M8 8L2.6 4.9",
	"pause":     "M5.5 3.5v9M10.5 3.5v9",
	"play":      "M5 3.2v9.6l7.5-4.8z",
	"step":      "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
	"back":      "M12.5 3.5v9l-6-4.5zM3.5 3.5v9",
	"next":      "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
	"slow":      "M2.5 12.5a6 6 0 1 1 11 0M8 10.2L5.2 6.4",
	"book":      "M8 4.2C6.6 3 4.6 2.7 2.2 2.8v9.6c2.4-.1 4.4.3 5.8 1.4 1.4-1.1 3.4-1.5 5.8-1.4V2.8C11.4 2.7 9.4 3 8 4.2zM8 4.2v9.4",
	"theme":     "M8 1.8a6.2 6.2 0 1 0 0 12.4zM8 1.8a6.2 6.2 0 0 1 0 12.4",
	"projector": "M1.8 2.8h12.4v8H1.8zM8 10.8v2.6M5 13.6h6",
	"again":     "M13.2 8A5.2 5.2 0 1 1 11.6 4.3M13.4 1.8v3.1h-3.1",
	"help":      "M5.6 5.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M8 12.8v.1",
	"people":    "M6 7.6a2.3 2.3 0 1 0 0-.1zM1.8 13.4c.3-2.6 1.9-4 4.2-4s3.9 1.4 4.2 4M10.6 3.3a2.2 2.2 0 0 1 0 4.3M11.6 9.6c1.5.5 2.4 1.8 2.6 3.8",
	"labs":      "M2.5 4.5h11v3h-11zM2.5 9.5h11v3h-11zM5 6v.1M5 11v.1",
	"full":      "M8 2L14.5 13.5H1.5zM8 6.5v3.2M8 11.6v.1",
	"plus":      "M8 3v10M3 8h10",
	"minus":     "M7 2.2a4.8 4.8 0 1 0 .1 0zM10.5 10.5l3.3 3.3M4.8 7h4.4",
	"nearer":    "M7 2.2a4.8 4.8 0 1 0 .1 0zM10.5 10.5l3.3 3.3M4.8 7h4.4M7 4.8v4.4",
	"whole":     "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
	"heal":      "M6.2 9.8l3.6-3.6M7.2 4.6l1.6-1.6a3 3 0 0 1 4.2 4.2l-1.6 1.6M8.8 11.4l-1.6 1.6A3 3 0 0 1 3 8.8l1.6-1.6",
	"stage":     "M8 3.4a1.9 1.9 0 1 0 0-.1zM3.4 11.6a1.9 1.9 0 1 0 0-.1zM12.6 11.6a1.9 1.9 0 1 0 0-.1zM7 5.1l-2.6 4.7M9 5.1l2.6 4.7M5.4 11.6h5.2",
	"slots":     "M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11",
	"wide":      "M5 4.5L1.5 8L5 11.5M11 4.5L14.5 8L11 11.5M1.5 8h13",
	"metrics":   "M2.5 2.5v11h11M5 10.5l2.6-3.4 2.2 1.8 3.2-4.6",
	"prompt":    "M2.5 3.5l4.5 4.5-4.5 4.5M8.5 12.5h5",
	"copy":      "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
	"cross":     "M3.5 3.5l9 9M12.5 3.5l-9 9",
	"cut":       "M8 1.5v2.2M8 6.2v3.6M8 12.3v2.2M1.5 8h3M11.5 8h3",
	"swap":      "M2.5 5.5h10M10 2.8l2.7 2.7L10 8.2M13.5 10.5h-10M6 7.8l-2.7 2.7L6 13.2",
	"up":        "M8 13.5V3M3.5 7.2L8 2.7l4.5 4.5",
	"wire":      "M1.5 8h6M7.5 5.2v5.6M7.5 6.4h3.5M7.5 9.6h3.5M11 4.8h1.2a3.2 3.2 0 0 1 0 6.4H11z",
	"bin":       "M2.5 4.2h11M6 4V2.3h4V4M4 4.2l.7 9.3h6.6l.7-9.3M6.7 7v3.8M9.3 7v3.8",
}

// strokes returns an icon's path; an unknown name is a mistake in a template.
func strokes(name string) string {
	path, ok := paths[name]
	if !ok {
		panic("view: no icon named " + name)
	}
	return path
}

// tabIndex makes the first tab the group's one stop for the Tab key; arrows reach the others.
func tabIndex(i int) string {
	if i == 0 {
		return "0"
	}
	return "-1"
}
