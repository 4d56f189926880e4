package demo

import (
	"bytes"
	"fmt"
	"io"

	"meixu/app/photos"
)

// shown are the clients who let their pictures be shown as a case, and of what.
var shown = map[int]struct{ kind, title, story string }{
	0:  {"botulinum", "眉间纹 · 肉毒毒素 20 U", "治疗后 2 周复查，皱眉时纹路变浅，表情自然。个体差异存在，不代表每位客户的结果。"},
	9:  {"botulinum", "咬肌 · 肉毒毒素 60 U", "治疗后 3 个月，下面部轮廓较前柔和。个体差异存在，不代表每位客户的结果。"},
	11: {"botulinum", "眉间纹 · 肉毒毒素 20 U(二)", "治疗后 2 周复查，未见不适。个体差异存在，不代表每位客户的结果。"},
	5:  {"filler_ha", "颏部 · 透明质酸 1 ml", "治疗后 1 个月，侧面线条较协调。个体差异存在，不代表每位客户的结果。"},
	2:  {"ipl", "日光斑 · 强脉冲光 2 次", "第 2 次治疗后 1 个月，斑点变浅。个体差异存在，不代表每位客户的结果。"},
	3:  {"peel", "闭口 · 水杨酸焕肤 2 次", "配合日常护理，闭口减少。个体差异存在，不代表每位客户的结果。"},
	8:  {"laser_pigment", "肤色不均 · 皮秒激光", "分次治疗中，肤色较前均匀。个体差异存在，不代表每位客户的结果。"},
}

// inOrder lists the clients of the cases.
var inOrder = []int{0, 2, 3, 5, 8, 9, 11}

// showcase makes the cases, as a consultant does; the pictures are drawn ones that say so.
func (m *maker) showcase() error {
	for i, n := range inOrder {
		if err := m.oneCase(i, n); err != nil {
			return fmt.Errorf("case of client %d: %w", n, err)
		}
	}
	return nil
}

func (m *maker) oneCase(i, n int) error {
	about := shown[n]
	drawn := func(k int) photos.Upload {
		return func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(sample(i*5+k*3, "front"))), nil
		}
	}
	_, err := m.app.Rooms.Photos.AddCase(m.ctx, m.by["consultant"], photos.NewCase{
		Client: m.clients[n], ItemKind: about.kind, Title: about.title, Story: about.story,
		BeforeFile: drawn(0), AfterFile: drawn(1), Until: m.today().Add(365),
	})
	return err
}
