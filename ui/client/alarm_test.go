package client_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestRedWordsAreForMedicalStaff opens the page of a visit as every role: those who treat and
// advise read what is dangerous, the others are sent to them (the tablet promises so).
func TestRedWordsAreForMedicalStaff(t *testing.T) {
	t.Parallel()
	const flag = "有健康警示，详情请问医护"
	site := uitest.New(t)
	var c store.Client
	var v store.Visit
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("visit.arrive"), func(tx *store.Tx) error {
		c = store.Client{
			Name: "林晚秋", Phone: "13800138000", Gender: "female", Birth: "1991-04-05", Source: "walk_in",
			Allergies: []string{"青霉素"}, Alerts: []string{"妊娠"},
		}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		v = store.Visit{Client: c.ID, State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting, StationAt: tx.Now(), ArrivedAt: tx.Now()}
		if err := tx.AddVisit(&v); err != nil {
			return err
		}
		return site.App.Engines.SOP.Start(tx, v.ID)
	}))
	for login, reads := range map[string]bool{
		"doctor": true, "nurse": true, "consultant": true, "aftercare": true, "quality": true,
		"front": false, "cashier": false, "manager": false, "owner": false,
	} {
		for _, path := range []string{fmt.Sprintf("/visit/%d", v.ID), fmt.Sprintf("/client/%d", c.ID)} {
			a := site.As(login).Get(path)
			if a.Status == http.StatusForbidden {
				continue
			}
			if reads {
				a.Want(http.StatusOK, "青霉素", "妊娠").Not(flag)
			} else {
				a.Want(http.StatusOK, flag).Not("青霉素", "妊娠")
			}
		}
	}
}

// TestWholePhoneNumbersAreForThoseWhoCall opens bookings and leads as every role.
func TestWholePhoneNumbersAreForThoseWhoCall(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("appointment.book"), func(tx *store.Tx) error {
		c := store.Client{Name: "林晚秋", Phone: "13800138000", Gender: "female", Birth: "1991-04-05", Source: "walk_in"}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		a := store.Appointment{Client: c.ID, State: term.AppointmentConfirmed, StartsAt: tx.Now(), EndsAt: tx.Now().Add(3600e9)}
		return tx.AddAppointment(&a)
	}))
	opened := 0
	for _, login := range []string{"front", "consultant", "doctor", "nurse", "cashier", "stock", "aftercare", "quality", "manager", "owner"} {
		a := site.As(login).Get("/reception/appointments/1")
		if a.Status == http.StatusForbidden {
			continue
		}
		opened++
		if site.Actor(login).Sees("phone") {
			a.Want(http.StatusOK, "13800138000")
		} else {
			a.Want(http.StatusOK, "138****8000").Not("13800138000")
		}
		site.As(login).Get("/reception/appointments").Want(http.StatusOK, "138****8000").Not("13800138000")
	}
	require.Positive(t, opened)
}
