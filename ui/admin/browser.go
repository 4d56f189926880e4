package admin

import "strings"

// told are the words by which a browser tells its family and its system, the more special first: Edge
// calls itself Chrome too, and everything calls itself Safari.
type told struct{ word, name string }

var (
	families = []told{
		{"MicroMessenger/", "WeChat"},
		{"Edg/", "Edge"},
		{"EdgA/", "Edge"},
		{"EdgiOS/", "Edge"},
		{"QQBrowser/", "QQ"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = []told{
		{"iPad", "iPad"},
		{"iPhone", "iPhone"},
		{"HarmonyOS", "HarmonyOS"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Macintosh", "Mac"},
		{"Linux", "Linux"},
	}
)

// browserOf is what a browser calls itself, in two words of ours: nothing that it sends is kept.
func browserOf(agent string) string {
	return strings.Trim(nameIn(agent, families)+", "+nameIn(agent, systems), ", ")
}

func nameIn(agent string, list []told) string {
	for _, t := range list {
		if strings.Contains(agent, t.word) {
			return t.name
		}
	}
	return ""
}
