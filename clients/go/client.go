// Package catalogue is a client of the product catalogue: products, stock, search and live changes.
package catalogue

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client calls a gateway. It is safe for concurrent use. Reads, and writes with the request ids that it makes, are
// tried again when the gateway or the network fails.
type Client struct {
	// BaseURL is such as http://127.0.0.1:8080.
	BaseURL string
	// Key is an API key; empty for none.
	Key string
	// Actor is who writes; kept with each change.
	Actor string
	// Retries are the attempts after the first.
	Retries int
	// HTTP sends the requests.
	HTTP *http.Client
}

// New makes a client with three retries and ten seconds for each attempt.
func New(baseURL, key string) *Client {
	return &Client{BaseURL: strings.TrimRight(baseURL, "/"), Key: key, Retries: 3, HTTP: &http.Client{Timeout: 10 * time.Second}}
}

// Error is a problem of the gateway (RFC 9457).
type Error struct {
	Status    int               `json:"status"`
	Reason    string            `json:"reason"`
	Detail    string            `json:"detail"`
	RequestID string            `json:"requestId"`
	Metadata  map[string]string `json:"metadata"`
	// Fields are those at fault.
	Fields []FieldError `json:"errors"`
}

// FieldError says what is wrong with a field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (request %s)", e.Reason, e.Detail, e.RequestID)
}

type request struct {
	method, path   string
	query          values
	body           any
	headers        map[string]string
	takesRequestID bool
}

// values are the parameters of a query, without those that are zero.
type values struct{ url.Values }

func (v *values) add(name string, value any) {
	if v.Values == nil {
		v.Values = url.Values{}
	}
	switch value := value.(type) {
	case string:
		if value != "" {
			v.Add(name, value)
		}
	case int:
		if value != 0 {
			v.Add(name, strconv.Itoa(value))
		}
	case bool:
		if value {
			v.Add(name, "true")
		}
	case []string:
		for _, text := range value {
			v.Add(name, text)
		}
	}
}

func (c *Client) call(ctx context.Context, r request, answer any) error {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return err
		}
	}
	id := ""
	if r.takesRequestID && r.query.Get("requestId") == "" && !bytes.Contains(body, []byte(`"requestId":"`)) {
		id = requestID()
	}
	isSafe := r.method == http.MethodGet || r.takesRequestID
	for attempt := 0; ; attempt++ {
		again, wait, err := c.attempt(ctx, r, body, id, answer)
		if err == nil || !again || !isSafe || attempt >= c.Retries {
			return err
		}
		if wait == 0 {
			wait = 100 * time.Millisecond << attempt
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// attempt reports whether the same request may succeed later, and after which time.
func (c *Client) attempt(ctx context.Context, r request, body []byte, id string, answer any) (bool, time.Duration, error) {
	headers := map[string]string{"Accept": "application/json"}
	for name, value := range r.headers {
		headers[name] = value
	}
	if id != "" {
		headers["Idempotency-Key"] = `"` + id + `"`
	}
	if body != nil {
		headers["Content-Type"] = "application/json"
	}
	response, err := c.send(ctx, c.HTTP, r.method, r.path, r.query, headers, body)
	if err != nil {
		return ctx.Err() == nil, 0, err
	}
	defer response.Body.Close()
	if response.StatusCode < 400 {
		return true, 0, json.NewDecoder(response.Body).Decode(answer)
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return isTransient(response.StatusCode), time.Duration(seconds) * time.Second, problem(response)
}

func (c *Client) send(ctx context.Context, client *http.Client, method, path string, query values, headers map[string]string, body []byte) (*http.Response, error) {
	target := c.BaseURL + path
	if text := query.Encode(); text != "" {
		target += "?" + text
	}
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if c.Key != "" {
		request.Header.Set("Authorization", "Bearer "+c.Key)
	}
	if c.Actor != "" {
		request.Header.Set("X-Actor", c.Actor)
	}
	return client.Do(request)
}

// lines calls each with the lines of a streamed response.
func (c *Client) lines(ctx context.Context, path string, query values, headers map[string]string, each func(string) error) error {
	// Without the limit of a call: a stream lasts as long as it is read.
	client := &http.Client{Transport: c.HTTP.Transport}
	response, err := c.send(ctx, client, http.MethodGet, path, query, headers, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		return problem(response)
	}
	reader := bufio.NewReader(response.Body)
	for {
		line, err := reader.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(strings.TrimRight(line, "\r\n")); err != nil {
			return err
		}
	}
}

func (c *Client) products(ctx context.Context, path string, query values, each func(Product) error) error {
	headers := map[string]string{"Accept": "application/x-ndjson"}
	return c.lines(ctx, path, query, headers, func(line string) error {
		var product Product
		if err := json.Unmarshal([]byte(line), &product); err != nil {
			return err
		}
		return each(product)
	})
}

func problem(response *http.Response) error {
	problem := &Error{}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(problem); err != nil {
		problem.Detail = response.Status
	}
	problem.Status = response.StatusCode
	return problem
}

func isTransient(status int) bool {
	return status == 408 || status == 429 || status == 502 || status == 503 || status == 504
}

func requestID() string {
	var bytes [16]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		panic(err)
	}
	return hex.EncodeToString(bytes[:])
}

// pause waits between half of the time and all of it, 30 seconds at most.
func pause(ctx context.Context, wait time.Duration) error {
	if wait > 30*time.Second {
		wait = 30 * time.Second
	}
	timer := time.NewTimer(wait/2 + time.Duration(mathrand.Int63n(int64(wait/2)+1)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
