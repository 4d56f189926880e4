package day

import (
	"maps"
	"slices"
	"strings"

	"meixu/app/engine/form"
	"meixu/store"
)

// Pen is a signature as the pad posts it.
const Pen = `{"whose":"own","width":300,"height":120,"strokes":[[[10,10,0],[20,30,10],[40,12,20],[60,40,30],[80,20,40],[100,44,50],[120,22,60],[140,50,70],[160,30,80]]]}`

// GuardianPen is the signature of another hand.
const GuardianPen = `{"whose":"guardian","width":300,"height":120,"strokes":[[[12,10,0],[22,32,10],[40,12,20],[62,40,30],[80,22,40],[100,44,50],[122,22,60],[140,52,70],[160,30,80]]]}`

// usual are the answers that cannot be guessed from the form itself. A code may have a part
// after the colon when a test wants the same form filled in another way.
var usual = map[string]map[string]string{
	"F1": {
		"name": "林清禾", "former_name": "", "birth_date": "1994-05-06", "id_doc_no": "110101199405060027", "phone": "13800008817",
		"emergency_name": "王强", "emergency_relation": "丈夫", "emergency_phone": "13900001111", "height_cm": "165", "weight_kg": "52",
	},
	"F2": {"infect": "", "infect_consent": "", "bdd": ""},
	"F2-NURSE": {
		"temperature": "36.5", "systolic": "118", "diastolic": "76", "pulse": "72", "glucose": "", "pregnancy_test": "none", "verdict": "clear",
	},
	"F4": {
		"areas": "skin", "bdd": "ok", "decision": "go", "cases_shown": "none", "cases_shown.detail": "方案确定后按项目展示", "expected": "5", "budget": "5000", "next_on": "",
		"client_goal": "淡化眉间纹", "discussion": "已说明风险、替代方案与费用，个体差异存在",
	},
	"F15": {
		"complaint": "眉间纹", "findings": "动态纹为主", "diagnosis": "眉间动力性皱纹", "indication": "适合", "alternatives": "不治疗或光电",
		"contra_final": "none", "bdd_final": "ok", "verdict": "fit", "defer_until": "",
	},
	"F16-TODAY": {
		"still": "yes", "same": "yes", "realistic": "yes", "ate": "yes",
	},
	"F16-MARK": {
		"area": "眉间", "points.0.x": "0.5", "points.0.y": "0.3", "points.0.side": "mid", "agreed": "yes",
	},
	"F18": {"weight_kg": "52", "skin_test": "na", "fasting": "na", "second_person": ""},
	"F19": {"goggles": "na", "anaesthetic": "na", "images": "na", "second_person": ""},
	"F20": {"specimen": "na", "second_person": ""},
	"F7-OBS": {
		"vitals.0.at": "09:40", "vitals.0.pain": "1", "vitals.0.colour": "same", "colour": "same", "refill_s": "2", "vision_ok": "yes",
		"pain_odd": "no", "allergy": "no", "stable": "yes", "no_bleed": "yes", "guide": "yes", "redcard": "yes", "walk": "yes",
		"nurse_sign": Pen,
	},
	"F7-BTX": {
		"operator": "T-doctor", "room": "治疗一室", "area": "眉间", "position": "supine", "an_kind": "none", "off_label": "no",
		"products.0.product": "A 型肉毒毒素", "products.0.lot": "L-FIRST", "products.0.used": "20", "products.0.unit": "U",
		"diluent_ml": "2.5", "diluted_at": "09:10", "conc": "4", "second_person": "T-nurse", "vial_trace": "L-FIRST",
		"points.0.x": "0.5", "points.0.y": "0.3", "points.0.muscle": "皱眉肌", "points.0.layer": "intramuscular",
		"points.0.units": "20", "points.0.needle": "sharp30", "points.0.aspiration": "na",
		"discarded_units": "80", "discard_by": "T-nurse / T-stock", "vas": "2", "complication": "none",
		"photo_after_reason": "客户不愿拍", "left_condition": "good", "operator_sign": Pen,
	},
}

// closed are forms whose usual answers are all that is filled in: nothing is guessed.
var closed = map[string]bool{"F7-BTX": true, "F16-MARK": true, "F7-OBS": true}

// Sheet are the pairs that a filled form posts: the harmless answer to every question, the
// usual ones, and what the day's test changes. An empty answer leaves the question out.
func (d *Day) Sheet(code string) []string {
	d.T.Helper()
	own := maps.Clone(usual[code])
	if own == nil {
		own = map[string]string{}
	}
	maps.Copy(own, d.Answers[code])
	var t form.Template
	d.Read(func(r *store.Read) (err error) { t, err = form.Latest(r, code); return err })
	if !closed[code] {
		for _, g := range t.Groups {
			for _, it := range g.Items {
				if _, told := own[it.LinkID]; !told {
					own[it.LinkID] = harmless(it)
				}
			}
		}
	}
	pairs := []string{"_step", "done"}
	for _, link := range slices.Sorted(maps.Keys(own)) {
		if own[link] == "" {
			continue
		}
		for _, v := range strings.Split(own[link], "|") {
			pairs = append(pairs, form.Name(link), v)
		}
	}
	return pairs
}

// harmless answers a question in the way that finds nothing.
func harmless(it form.Item) string {
	if fixed := it.Harmless(); fixed != "" {
		return fixed
	}
	switch it.Type {
	case form.Signature:
		return Pen
	case form.TextArea, form.Text:
		if it.Required {
			return "面部年轻化，循序渐进"
		}
	case form.Scale, form.Decimal, form.Integer:
		if it.Required {
			return "5"
		}
	default: // nothing to say for the others
	}
	return ""
}
