package reception_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

func TestShots(t *testing.T) {
	if os.Getenv("SHOTS") == "" {
		t.Skip()
	}
	s := uitest.New(t)
	addConsultant(t, s)
	names := []string{"林晚秋", "周清和", "沈若兰", "陈思齐", "王子衿"}
	for i, n := range names {
		arrived(t, s, filed(t, s, n, "1380000881"+string(rune('0'+i))))
		s.Clock.Forward(5 * time.Minute)
	}
	f := s.As("front")
	f.Post("/reception/queue/1", "deed", "call")
	f.Post("/reception/queue/3", "deed", "skip")
	f.Post("/reception/queue/2", "deed", "serve")
	f.Post("/reception/leads", "name", "赵女士", "phone", "13900001111", "channel", "phone", "need", "光子嫩肤，周末", "ask_doctor", "on")
	s.Clock.Forward(3 * time.Minute)
	f.Post("/reception/leads", "name", "钱先生", "phone", "13900001112", "channel", "online", "need", "祛斑")
	_ = reception.StreamConsult
	_ = store.TaskDone
	_ = term.Gone
	page := f.Post("/reception/screen")
	at := len("/screen/")
	i := 0
	for i = 0; page.Body[i:i+at] != "/screen/"; i++ {
	}
	j := i
	for page.Body[j] != '<' {
		j++
	}
	shot := func(login, path, file, size string, h http.Handler) {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if login != "" {
				r.AddCookie(s.Cookie(login))
			}
			if r.URL.Path == "/live" {
				w.WriteHeader(204)
				return
			}
			if r.Method == "GET" && r.URL.Path == "/post" {
				r.Method = "POST"
			}
			h.ServeHTTP(w, r)
		}))
		defer proxy.Close()
		out, err := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=3000", "--screenshot=/tmp/r1shots/"+file, "--window-size="+size, proxy.URL+path).CombinedOutput()
		if err != nil {
			t.Log(string(out), err)
		}
	}
	h := s.Server.Handler()
	shot("front", "/reception", "today.png", "1440,900", h)
	shot("front", "/reception/queue", "queue.png", "1440,900", h)
	shot("front", "/reception/clients/new", "new.png", "1440,1500", h)
	shot("front", "/reception/visit/1", "visit.png", "1440,1100", h)
	shot("front", "/reception/leads", "leads.png", "1440,900", h)
	shot("front", "/clients", "clients.png", "1440,900", h)
	shot("front", "/find?q=1380", "find.png", "1440,900", h)
	shot("", page.Body[i:j], "tv.png", "1440,900", s.Server.Guest())
	f.Post("/reception/visit/1/leave", "reason", "再想想")
	shot("front", "/reception/arrive?client=1", "arrive.png", "1180,820", h)
	shot("front", "/reception/visit/1", "over.png", "1180,820", h)
}
