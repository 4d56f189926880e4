package demo

import (
	"encoding/json"
	"fmt"
	"math"

	"meixu/app/crm"
	"meixu/store/term"
)

const (
	clientCount = 60
	families    = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜单仇"
	girls       = "雨桐|思涵|欣怡|梓萱|诗琪|佳怡|晓敏|雅静|梦瑶|若曦|婉清|子墨|语嫣|静姝|芷若|慧敏|丽娜|晓燕|秀英|海棠|安琪|倩倩|小曼|明月|心怡"
	boys        = "浩然|子轩|俊杰|志强|宇航|雄信|明哲|文博"
)

var sources = []string{"walk_in", "online", "referral", "platform", "phone", "staff"}

// register opens the file of a client: privacy notice and separate health consent signed.
func (m *maker) register(n int) error {
	gender, name := "female", pickWord(m, girls)
	if n%8 == 7 {
		gender, name = "male", pickWord(m, boys)
	}
	family := []rune(families)
	in := crm.NewClient{
		Name: string(family[n%len(family)]) + name, Phone: fmt.Sprintf("1%d%08d", 38+m.rand.IntN(21), 10000000+m.rand.IntN(89999999)),
		Gender: gender, Birth: m.birthday(), IDKind: "id_card", IDChecked: true, Source: pick(m, sources),
		Consultant: m.by[pick(m, []string{"consultant", "consultant2"})].Staff, Marketing: n%3 == 0,
		Strokes: crm.Strokes{Privacy: m.stroke(), Health: m.stroke()},
	}
	in.IDNumber = m.idNumber(in.Birth, gender, n)
	sheet, err := m.app.Rooms.Book.NewSheet(m.ctx, m.by["front"], in)
	if err != nil {
		return err
	}
	in.Strokes.PrivacySeen, in.Strokes.HealthSeen = sheet.Papers.Privacy.Seen, sheet.Papers.Health.Seen
	id, err := m.app.Rooms.Book.CreateClient(m.ctx, m.by["front"], in)
	m.clients[n] = id
	return err
}

func pickWord(m *maker, list string) string {
	var words []string
	start := 0
	for i, r := range list + "|" {
		if r == '|' {
			words = append(words, list[start:i])
			start = i + 1
		}
	}
	return pick(m, words)
}

// birthday is between 20 and 57 years ago.
func (m *maker) birthday() term.Day {
	years, days := 20+m.rand.IntN(37), m.rand.IntN(364)
	return term.At(m.clock.Now().AddDate(-years, 0, -days)).Day(m.zone)
}

// idNumber is an identity number with the right check digit (GB 11643); the area code is
// one that was never given out.
func (m *maker) idNumber(birth term.Day, gender string, n int) string {
	order := 2 * (10 + n)
	if gender == "male" {
		order++
	}
	text := fmt.Sprintf("990199%s%s%s%03d", birth[:4], birth[5:7], birth[8:10], order%1000)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(text[i]-'0') * w
	}
	return text + string("10X98765432"[sum%11])
}

// stroke is a signature as a pad would give it: a wavy line of a second.
func (m *maker) stroke() string {
	type pad struct {
		Width   int        `json:"width"`
		Height  int        `json:"height"`
		Strokes [][][3]int `json:"strokes"`
	}
	p := pad{Width: 600, Height: 200}
	for s := range 3 {
		var line [][3]int
		for i := range 24 {
			x := 60 + s*160 + i*6
			y := 100 + int(40*math.Sin(float64(i)/3+float64(s))) + m.rand.IntN(8)
			line = append(line, [3]int{x, y, s*400 + i*16})
		}
		p.Strokes = append(p.Strokes, line)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of numbers always has a JSON form
	}
	return string(raw)
}
