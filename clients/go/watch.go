package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Event is one event of a watch.
type Event struct {
	// Type is such as change, snapshot, availability.
	Type string
	Data json.RawMessage
	// Cursor resumes after this event.
	Cursor string
}

// Stop ends a watch without an error when the function that it calls returns it.
var Stop = errors.New("stop")

// WatchOptions choose the changes that WatchChanges tells.
type WatchOptions struct {
	// Cursor is that of the last event; empty begins as Start says.
	Cursor     string
	Start      string
	CategoryId string
	ProductIds []string
	Filter     string
}

// WatchChanges calls each with every change, until it returns an error or the context ends: it connects again and
// resumes after the last event. Without a cursor the products as they are come first, as events of type snapshot. An
// event resync says that changes were missed: read again what you keep.
func (c *Client) WatchChanges(ctx context.Context, options WatchOptions, each func(Event) error) error {
	query := values{}
	query.add("start", options.Start)
	query.add("categoryId", options.CategoryId)
	query.add("productId", options.ProductIds)
	query.add("filter", options.Filter)
	return c.watch(ctx, "/v1/changes", query, &options.Cursor, each)
}

// WatchAvailability calls each with the stock of up to 200 products, now and whenever it changes.
func (c *Client) WatchAvailability(ctx context.Context, productIds []string, each func(Event) error) error {
	query := values{}
	query.add("productId", productIds)
	return c.watch(ctx, "/v1/availability", query, nil, each)
}

func (c *Client) watch(ctx context.Context, path string, query values, cursor *string, each func(Event) error) error {
	const shortest = 100 * time.Millisecond
	wait := shortest
	for {
		headers := map[string]string{"Accept": "text/event-stream"}
		if cursor != nil {
			headers["Last-Event-ID"] = *cursor
		}
		var own error
		err := c.events(ctx, path, query, headers, func(event Event) error {
			wait = shortest
			if cursor != nil && event.Cursor != "" {
				*cursor = event.Cursor
			}
			if event.Type == "" {
				return nil
			}
			own = each(event)
			return own
		})
		var problem *Error
		switch {
		case errors.Is(own, Stop):
			return nil
		case own != nil:
			return own
		case errors.As(err, &problem) && !isTransient(problem.Status):
			return err
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
		if wait < 30*time.Second {
			wait *= 2
		}
	}
}

// events calls each with server-sent events; comments, such as heartbeats, come with an empty type.
func (c *Client) events(ctx context.Context, path string, query values, headers map[string]string, each func(Event) error) error {
	var event Event
	return c.lines(ctx, path, query, headers, func(line string) error {
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			finished := event
			event = Event{}
			return each(finished)
		case field == "event":
			event.Type = value
		case field == "data":
			event.Data = append(event.Data, value...)
		case field == "id":
			event.Cursor = value
		}
		return nil
	})
}
