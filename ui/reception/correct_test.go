package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// wronglyWritten is a file with a slip in name and birthday, and another file beside it.
func wronglyWritten(t *testing.T) (s *uitest.Site, c, other store.Client) {
	t.Helper()
	s = uitest.New(t)
	require.NoError(t, s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		c = store.Client{Name: "林晚秋", Phone: "13800008817", Gender: "female", Birth: "1990-05-01", Source: "walk_in", IDKind: "id_card", IDCheckedAt: tx.Now(), IDCheckedBy: s.StaffID("front")}
		other = store.Client{Name: "顾小满", Phone: "13900007701", Gender: "female", Birth: "1988-02-02", Source: "walk_in"}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		if err := tx.AddClient(&other); err != nil {
			return err
		}
		s.App.Rooms.Book.Keep(tx, c)
		s.App.Rooms.Book.Keep(tx, other)
		return nil
	}))
	return s, c, other
}

func correctedFile(t *testing.T, s *uitest.Site, id term.ClientID) (c store.Client) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		c, err = r.Client(id)
		return err
	}))
	return c
}

// corrected is what the form of a correction posts, with changes.
func corrected(c store.Client, with ...string) []string {
	fields := map[string]string{
		"version": fmt.Sprint(c.Version), "name": c.Name, "gender": c.Gender, "birth": string(c.Birth), "phone": "", "no_phone": "",
		"id_kind": c.IDKind, "id_number": "", "reason": "",
	}
	return uitest.Pairs(fields, with...)
}

// Who a client is can be corrected from the file: with a reason, under a duty of desk and manager,
// and the finder knows the new words.
func TestCorrectClient(t *testing.T) {
	t.Parallel()
	s, c, _ := wronglyWritten(t)
	front, path := s.As("front"), fmt.Sprintf("/reception/clients/%d/correct", c.ID)
	front.Get(fmt.Sprintf("/client/%d", c.ID)).Want(http.StatusOK, path)
	front.Get(path).Want(http.StatusOK, "林晚秋", "138****8817").Not("13800008817")
	for _, login := range []string{"consultant", "doctor", "quality", "cashier"} {
		s.As(login).Get(path).Want(http.StatusForbidden)
		s.As(login).Post(path, corrected(c, "name", "林婉秋", "reason", "试")...).Want(http.StatusForbidden)
		s.As(login).Post(path+"/twins", "phone", c.Phone).Want(http.StatusForbidden)
	}
	front.Post(path, corrected(c, "name", "林婉秋", "birth", "2090-01-01", "phone", "123")...).
		Want(http.StatusUnprocessableEntity, "请写明原因", "请填写真实的出生日期", `value="林婉秋"`, `value="123"`)
	front.Post(path, corrected(c, "birth", string(s.App.DB.Now().Day(s.App.DB.Zone()).Add(-3000)), "reason", "写错")...).
		Want(http.StatusUnprocessableEntity, "须先有监护人")
	require.Equal(t, c.Name, correctedFile(t, s, c.ID).Name)

	front.Post(path, corrected(c, "phone", "138 0000 8818")...).Want(http.StatusOK, "客户信息已更正")
	now := correctedFile(t, s, c.ID)
	require.Equal(t, "13800008818", now.Phone)
	require.False(t, now.IDCheckedAt.IsZero(), "a number says nothing of who it is")

	front.Post(path, corrected(now, "name", "林婉秋", "birth", "1991-05-01", "reason", "录入时写错")...).Want(http.StatusOK, "林婉秋")
	now = correctedFile(t, s, c.ID)
	require.Equal(t, term.Day("1991-05-01"), now.Birth)
	require.True(t, now.IDCheckedAt.IsZero(), "the document was compared with the old words")
	front.Post("/find", "q", "林婉秋").Want(http.StatusOK, now.Number)
	front.Post("/find", "q", "林晚秋").Want(http.StatusOK).Not(now.Number)
	s.As("owner").Get(fmt.Sprintf("/client/%d/trail", c.ID)).Want(http.StatusOK, "更正客户信息", "录入时写错")
}

// A correction that makes two files of one person is refused, as a new file is (REG-EMR-06).
func TestCorrectionMeetsAnotherFile(t *testing.T) {
	t.Parallel()
	s, c, other := wronglyWritten(t)
	m, path := s.As("manager"), fmt.Sprintf("/reception/clients/%d/correct", c.ID)
	m.Post(path+"/twins", "phone", other.Phone, "name", c.Name, "birth", string(c.Birth)).Want(http.StatusOK, other.Number).Not(c.Number)
	m.Post(path+"/twins", "phone", "", "name", c.Name, "birth", string(c.Birth)).Want(http.StatusOK).Not(c.Number, other.Number)
	m.Post(path+"/twins", "phone", "", "name", other.Name, "birth", string(other.Birth)).Want(http.StatusOK, other.Number)
	m.Post(path, corrected(c, "phone", other.Phone)...).Want(http.StatusConflict, "REG-EMR-06", other.Number, `name="other"`)
	require.Equal(t, c.Phone, correctedFile(t, s, c.ID).Phone)
	m.Post(path, corrected(c, "phone", other.Phone, "other", "母女共用")...).Want(http.StatusOK, "客户信息已更正")
	require.Equal(t, other.Phone, correctedFile(t, s, c.ID).Phone)
}

// Two who correct one file: what the other saved stands beside what was typed (row:U3).
func TestTwoCorrectOneFile(t *testing.T) {
	t.Parallel()
	s, c, _ := wronglyWritten(t)
	path := fmt.Sprintf("/reception/clients/%d/correct", c.ID)
	s.As("front").Post(path, corrected(c, "name", "林婉秋", "reason", "写错")...).Want(http.StatusOK)
	s.As("manager").Post(path, corrected(c, "name", "林晚丘", "reason", "写错")...).
		Want(http.StatusConflict, "_take_name", "林婉秋", "林晚丘", fmt.Sprintf(`name="version" value="%d"`, c.Version+1))
	require.Equal(t, "林婉秋", correctedFile(t, s, c.ID).Name)
	seen := []string{"_was_name", c.Name, "_was_gender", c.Gender, "_was_birth", string(c.Birth), "_was_no_phone", "", "_was_id_kind", c.IDKind}
	s.As("manager").Get(path).Want(http.StatusOK, `name="_was_name" value="林婉秋"`)
	s.As("manager").Post(path, append(corrected(c, "birth", "1991-05-01", "reason", "生日写错"), seen...)...). // the name was not touched here
														Want(http.StatusConflict, `value="林婉秋"`, "别人刚改过，已换成最新的", `value="1991-05-01"`, `value="生日写错"`).Not("_take_")
	now := correctedFile(t, s, c.ID)
	s.As("manager").Post(path, corrected(now, "name", "林晚丘", "reason", "写错", "_take_name", "theirs", "_theirs_name", "林婉秋")...).Want(http.StatusOK)
	require.Equal(t, "林婉秋", correctedFile(t, s, c.ID).Name)
}
