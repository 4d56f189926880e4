package defaults

import (
	"slices"
	"strconv"
	"strings"

	"meixu/app/words"
)

// interval stands in a sentence for the days between two sessions of the item.
const interval = "{interval}"

// Treated is what was done, as far as the words of a guide depend on it.
type Treated struct {
	Where    string // name of the item and the treated area
	Interval int    // days between two sessions of the item; 0 when it is done once
}

// For is the template as it holds after one treatment, in the language of a page: without
// sentences about other areas, with the interval of the item in sentences and limits.
func (c Care) For(t Treated, lang words.Lang) Care {
	stages := make([]CareStage, len(c.Stages))
	for i, s := range c.Stages {
		s.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p string) bool { return !c.concerns(p, t) })
		stages[i] = s
	}
	c.Stages = stages
	c.Limits = c.limitsAfter(t.Interval)
	c = c.In(lang)
	for i, s := range c.Stages {
		points := make([]string, len(s.Points))
		for k, p := range s.Points {
			points[k] = strings.ReplaceAll(p, interval, strconv.Itoa(t.Interval))
		}
		c.Stages[i].Points = points
	}
	return c
}

// limitsAfter are the limits after an item with so many days between two sessions.
func (c Care) limitsAfter(interval int) CareLimits {
	limits := c.Limits
	switch {
	case interval == 0:
	case c.Repeat == CountsInjection:
		limits.InjectionDays = interval
	case c.Repeat == CountsLight:
		limits.LightDays = interval
	}
	return limits
}

// concerns says that a sentence holds after the treatment.
func (c Care) concerns(point string, t Treated) bool {
	if strings.Contains(point, interval) && t.Interval == 0 {
		return false
	}
	areas, some := c.Areas[point]
	return !some || slices.ContainsFunc(areas, func(area string) bool { return strings.Contains(t.Where, area) })
}
