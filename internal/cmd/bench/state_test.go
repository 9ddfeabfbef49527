package main

import "testing"

func TestMultiply(t *testing.T) {
	t.Parallel()
	const state = `{"serial":3,"resources":[{"type":"x","instances":[
		{"index_key":0,"attributes":{"id":1,"name":"a","big":9007199254740993},"identity":{"id":1}}]}]}`
	got, err := multiply(state, 2, func(index int, copied instance) {
		copied.set("attributes", "id", index+7)
		copied.set("missing", "id", index)
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"resources":[{"instances":[` +
		`{"attributes":{"big":9007199254740993,"id":7,"name":"a"},"identity":{"id":1},"index_key":0},` +
		`{"attributes":{"big":9007199254740993,"id":8,"name":"a"},"identity":{"id":1},"index_key":1}],"type":"x"}],"serial":3}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, wrong := range []string{`{}`, `{"resources":[{"instances":[]}]}`, `no`} {
		if _, err := multiply(wrong, 2, func(int, instance) {}); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
