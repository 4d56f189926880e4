package demo

// wish is what a client comes for, with the words that stand in the record.
type wish struct {
	item, area, need, problem, diagnosis, indication string
	planned                                          string // product and dose on the plan
	dose                                             string // taken from the shelf
	used, wasted                                     string
	record                                           say
}

var wishes = map[string]wish{
	"btx": {
		item: "INJ-BTX-GL", area: "眉间", need: "皱眉时眉间“川”字纹明显，拍照显得严肃，希望柔和一点，不要僵硬",
		problem: "1. 眉间动态纹 WSRS 2 级；2. 额部轻度动态纹", diagnosis: "眉间动态性皱纹", indication: "成人中重度眉间纹，静态纹不明显，适合肉毒毒素注射",
		planned: "注射用 A 型肉毒毒素 20 U", used: "20", wasted: "80",
		record: say{
			"diluent_ml": "2.5", "conc": "4", "discarded_units": "80", "discard_by": "周明远 / 吴晓燕", "off_label": "no", "total_units": "20",
			"points.0.x": "0.5", "points.0.y": "0.32", "points.0.side": "mid", "points.0.muscle": "降眉间肌", "points.0.layer": "intramuscular",
			"points.0.units": "4", "points.0.needle": "sharp30", "points.0.aspiration": "na",
			"points.1.x": "0.44", "points.1.y": "0.3", "points.1.side": "left", "points.1.muscle": "皱眉肌", "points.1.layer": "intramuscular",
			"points.1.units": "8", "points.1.needle": "sharp30", "points.1.aspiration": "na",
			"points.2.x": "0.56", "points.2.y": "0.3", "points.2.side": "right", "points.2.muscle": "皱眉肌", "points.2.layer": "intramuscular",
			"points.2.units": "8", "points.2.needle": "sharp30", "points.2.aspiration": "na",
		},
	},
	"masseter": {
		item: "INJ-BTX-MAS", area: "双侧咬肌", need: "下半张脸显宽，咬牙时腮帮鼓起，想让轮廓柔和",
		problem: "1. 双侧咬肌肥厚，咬合时隆起；2. 下颌角轮廓偏方", diagnosis: "双侧咬肌肥大", indication: "咬肌肥厚为主要原因，骨性因素轻，适合注射",
		planned: "注射用 A 型肉毒毒素 60 U", used: "60", wasted: "40",
		record: say{
			"diluent_ml": "2.5", "conc": "4", "discarded_units": "40", "discard_by": "周明远 / 吴晓燕", "off_label": "no", "total_units": "60",
			"points.0.x": "0.3", "points.0.y": "0.62", "points.0.side": "left", "points.0.muscle": "咬肌", "points.0.layer": "intramuscular",
			"points.0.units": "30", "points.0.needle": "sharp30", "points.0.aspiration": "na",
			"points.1.x": "0.7", "points.1.y": "0.62", "points.1.side": "right", "points.1.muscle": "咬肌", "points.1.layer": "intramuscular",
			"points.1.units": "30", "points.1.needle": "sharp30", "points.1.aspiration": "na",
		},
	},
	"filler": {
		item: "INJ-HA-CHIN", area: "颏部", need: "下巴短、侧面后缩，希望侧脸线条更协调，要自然",
		problem: "1. 颏部后缩约 3 mm；2. 口角轻度下垂", diagnosis: "颏部轻度后缩", indication: "软组织条件好，少量透明质酸可改善侧貌",
		planned: "注射用交联透明质酸钠凝胶 1 ml", used: "1", wasted: "0",
		record: say{
			"material": "ha", "enzyme_ready": "yes", "total_ml": "1", "colour": "same", "refill_s": "1.5", "vision_ok": "yes", "pain_odd": "no",
			"points.0.x": "0.5", "points.0.y": "0.8", "points.0.side": "mid", "points.0.ml": "1",
			"refill_times.0.place": "颏部", "refill_times.0.seconds": "1.5", "speed": "slow",
		},
	},
	"ipl": {
		item: "LSR-IPL", area: "全面部", need: "脸上斑点多、肤色不均，想提亮，平时上班不能有恢复期",
		problem: "1. 双颊散在日光性斑点；2. 毛细血管轻度扩张", diagnosis: "面部皮肤光老化(日光斑)", indication: "Ⅲ 型皮肤，近期无暴晒，适合强脉冲光",
		record: say{
			"handpiece": "560 nm 标准手具", "params.0.zone": "全面部", "params.0.wavelength": "560", "params.0.fluence": "16", "params.0.spot_mm": "15",
			"params.0.pulse": "4", "params.0.passes": "2", "cooling": "接触冷却 5 ℃", "endpoint": "erythema", "avoided": "双眼、眉毛",
		},
	},
	"pico": {
		item: "LSR-PICO-TON", area: "全面部", need: "肤色暗沉，毛孔粗，想要肤色均匀一些",
		problem: "1. 肤色暗沉不均；2. 鼻周毛孔粗大", diagnosis: "面部色素沉着", indication: "适合低能量大光斑分次治疗",
		record: say{
			"handpiece": "1064 nm 平顶", "params.0.zone": "全面部", "params.0.wavelength": "1064", "params.0.fluence": "1.2", "params.0.spot_mm": "8",
			"params.0.pulse": "450", "params.0.passes": "3", "cooling": "冷风 −5 ℃", "endpoint": "erythema", "avoided": "双眼、纹眉",
		},
	},
	"peel": {
		item: "SK-PEEL-SA", area: "面部 T 区与双颊", need: "出油多、闭口反复，想控油去闭口",
		problem: "1. 轻度痤疮(闭口为主)；2. T 区出油", diagnosis: "轻度寻常痤疮", indication: "油性皮肤、闭口粉刺为主，适合水杨酸焕肤",
		dose: "3", used: "3", wasted: "0",
		record: say{
			"layers.0.acid": "sa", "layers.0.percent": "30", "layers.0.zone": "T 区与双颊", "layers.0.minutes": "5", "endpoint": "erythema",
			"neutral": "water", "after_care": "done",
		},
	},
	"clean": {
		item: "SK-CLEAN", area: "面部", need: "黑头多、皮肤干，想做个清洁补水",
		problem: "1. 鼻部黑头；2. 角质层含水量偏低", diagnosis: "皮肤屏障轻度受损，毛孔堵塞", indication: "可做小气泡清洁，注意保湿",
		record: say{"steps.0.step": "卸妆洁面", "steps.0.minutes": "10", "steps.1.step": "小气泡清洁", "steps.1.minutes": "25", "steps.2.step": "舒缓面膜", "steps.2.minutes": "15", "skin_after": "calm"},
	},
	"hydra": {
		item: "SK-HYDRA", area: "面部", need: "换季干燥紧绷、上妆卡粉，想补水",
		problem: "1. 面部干燥脱屑；2. 细小干纹", diagnosis: "干性皮肤", indication: "适合非注射导入补水",
		record: say{"steps.0.step": "温和洁面", "steps.0.minutes": "8", "steps.1.step": "导入保湿精华", "steps.1.minutes": "25", "skin_after": "calm"},
	},
	"repair": {
		item: "SK-REPAIR", area: "面部", need: "脸颊容易泛红刺痛，想修护",
		problem: "1. 双颊潮红；2. 屏障功能下降", diagnosis: "敏感性皮肤(非急性期)", indication: "适合冷喷与屏障修护",
		record: say{"steps.0.step": "冷喷", "steps.0.minutes": "20", "steps.1.step": "修护面膜", "steps.1.minutes": "20", "skin_after": "calm"},
	},
}
