package form

import "sync"

// parsedMost bounds how many templates are kept parsed: the clinic has some sixty forms with
// a few editions each.
const parsedMost = 512

// parsed keeps templates by their text. Every page and gate reads several forms, and parsing
// one costs more than all its queries. A text never changes, so there is nothing to outdate;
// whoever gets a template must not change what its slices hold.
var parsed = struct {
	sync.RWMutex
	byBody map[string]Template
}{byBody: map[string]Template{}}

// parseKept is Parse with a memory.
func parseKept(body string) (Template, error) {
	parsed.RLock()
	t, known := parsed.byBody[body]
	parsed.RUnlock()
	if known {
		return t, nil
	}
	t, err := Parse([]byte(body))
	if err != nil {
		return Template{}, err
	}
	parsed.Lock()
	defer parsed.Unlock()
	if len(parsed.byBody) >= parsedMost {
		clear(parsed.byBody)
	}
	parsed.byBody[body] = t
	return t, nil
}
