package guardai

import (
	"context"
	"net/http"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// CurrentUser returns the user that the client acts as, without avatar. Its ID is not nil.
func (c *Client) CurrentUser(ctx context.Context) (*Member, error) {
	return fetch(ctx, c, &rest.Request{Method: http.MethodGet, Path: "/api/v1/users/me"}, func(r *rest.Response) (*Member, error) {
		response, err := rest.DecodeJSON[memberResponse](r)
		if err == nil && response.ID == nil {
			err = &InvalidResponseError{Problem: "it contains no user id"}
		}
		if err != nil {
			return nil, err
		}
		user := response.member(false)
		return &user, nil
	})
}
