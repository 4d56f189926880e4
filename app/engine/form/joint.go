package form

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"meixu/app/words"
)

// Joint is several forms filled in one go, as one form: what they ask alike is asked once, and
// each keeps a filling of its own. A question of the same linkId that asks something else gets
// another name in the joint form.
type Joint struct {
	Template Template
	names    []map[string]string // per form: its linkId → the name in the joint form
	owners   map[string]int      // groups of the joint form → how many forms ask it
}

// Labelled is a form with the words that tell its own questions from those of the others.
type Labelled struct {
	Template Template
	Label    words.Text
}

// Together joins forms in their order; one form alone is itself.
func Together(forms ...Labelled) Joint {
	j := Joint{owners: map[string]int{}}
	own := map[string]words.Text{}
	for n, f := range forms {
		if n == 0 {
			j.Template = f.Template
			j.Template.Groups = nil
		}
		j.add(f, own)
	}
	if len(forms) < 2 {
		return j
	}
	j.Template.Title = forms[0].Template.Title
	for _, f := range forms[1:] {
		j.Template.Title = words.Text{
			ZH: j.Template.Title.ZH + " + " + f.Template.Title.ZH, EN: j.Template.Title.In("en") + " + " + f.Template.Title.In("en"),
		}
	}
	for i, g := range j.Template.Groups {
		if label := own[g.LinkID]; j.owners[g.LinkID] == 1 && label.ZH != "" {
			j.Template.Groups[i].Title = beside(g.Title, label)
		}
	}
	return j
}

func beside(title, label words.Text) words.Text {
	return words.Text{ZH: title.ZH + " · " + label.ZH, EN: title.In("en") + " · " + label.In("en")}
}

// add takes the groups of a form in: those that stand already are shared, the others come
// before the next shared one.
func (j *Joint) add(f Labelled, own map[string]words.Text) {
	names := map[string]string{}
	j.names = append(j.names, names)
	var waiting []Group
	for _, g := range f.Template.Groups {
		left := j.share(g, names)
		if len(left.Items) == 0 && len(g.Items) > 0 {
			at := j.groupOf(names[g.Items[0].LinkID])
			j.owners[j.Template.Groups[at].LinkID]++
			j.Template.Groups = slices.Insert(j.Template.Groups, at, waiting...)
			waiting = nil
			continue
		}
		left.LinkID = j.free(g.LinkID, func(name string) bool { return j.owners[name] == 0 })
		j.owners[left.LinkID], own[left.LinkID] = 1, f.Label
		waiting = append(waiting, left)
	}
	j.Template.Groups = append(j.Template.Groups, waiting...)
}

// share notes under which names the questions of a group are asked and gives the group with
// those that the joint form does not ask yet.
func (j *Joint) share(g Group, names map[string]string) Group {
	left := g
	left.EnableWhen, left.Items, left.RestNo = renamedWhen(g.EnableWhen, names), nil, nil
	for _, it := range g.Items {
		it = it.renamed(names)
		if name, ok := j.asks(it, left.EnableWhen); ok {
			names[it.LinkID] = name
			continue
		}
		link := it.LinkID
		it.LinkID = j.free(link, func(name string) bool { return j.groupOf(name) < 0 })
		names[link] = it.LinkID
		if slices.Contains(g.RestNo, link) {
			left.RestNo = append(left.RestNo, it.LinkID)
		}
		left.Items = append(left.Items, it)
	}
	return left
}

// asks finds the very same question in the joint form, asked when the other is.
func (j *Joint) asks(it Item, when []When) (name string, ok bool) {
	for _, g := range j.Template.Groups {
		for _, have := range g.Items {
			it.LinkID = have.LinkID
			if reflect.DeepEqual(have, it) && reflect.DeepEqual(g.EnableWhen, when) {
				return have.LinkID, true
			}
		}
	}
	return "", false
}

func (j *Joint) groupOf(link string) int {
	return slices.IndexFunc(j.Template.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Items, func(it Item) bool { return it.LinkID == link })
	})
}

// free is the name, or the first numbered one that is not taken.
func (*Joint) free(name string, isFree func(string) bool) string {
	for n, try := 2, name; ; n++ {
		if isFree(try) {
			return try
		}
		try = name + "_" + strconv.Itoa(n)
	}
}

// renamed is the question with its conditions on the names of the joint form.
func (it Item) renamed(names map[string]string) Item {
	it.EnableWhen, it.RequiredWhen = renamedWhen(it.EnableWhen, names), renamedWhen(it.RequiredWhen, names)
	if link, column, sums := strings.Cut(it.SumOf, "."); sums {
		it.SumOf = nameIn(names, link) + "." + column
	}
	if it.Agrees != nil {
		it.Agrees = &Agrees{Kind: nameIn(names, it.Agrees.Kind), Birth: nameIn(names, it.Agrees.Birth), Sex: nameIn(names, it.Agrees.Sex)}
	}
	return it
}

func nameIn(names map[string]string, link string) string {
	if name, ok := names[link]; ok {
		return name
	}
	return link
}

func renamedWhen(list []When, names map[string]string) []When {
	list = slices.Clone(list)
	for i, w := range list {
		list[i].Question = nameIn(names, w.Question)
	}
	return list
}

// Part is what one of the forms has of the joint answers, with the facts.
func (j Joint) Part(n int, all Answers) Answers {
	own := Answers{}.Keep(all)
	for link, name := range j.names[n] {
		if ans, ok := all[name]; ok {
			own[link] = ans
		}
	}
	return own
}

// Own are the names of the joint form that stand first for a question of the form: its own, and
// those that no form before it asks. Pictures are kept with them.
func (j Joint) Own(n int) map[string]string {
	own := map[string]string{}
	for link, name := range j.names[n] {
		asked := slices.ContainsFunc(j.names[:n], func(names map[string]string) bool {
			for _, other := range names {
				if other == name {
					return true
				}
			}
			return false
		})
		if !asked {
			own[link] = name
		}
	}
	return own
}

// Shared says that a question of a form is asked once for another of the forms too.
func (j Joint) Shared(n int, link string) bool {
	for m, names := range j.names {
		for _, name := range names {
			if m != n && name == j.names[n][link] {
				return true
			}
		}
	}
	return false
}

// Answers are the fillings of the forms as one; of two that differ on a shared question the
// first counts.
func (j Joint) Answers(fillings ...Answers) Answers {
	all := Answers{}
	for n := len(fillings) - 1; n >= 0; n-- {
		all.Keep(fillings[n])
		for link, name := range j.names[n] {
			if ans, ok := fillings[n][link]; ok {
				all[name] = ans
			}
		}
	}
	return all
}
