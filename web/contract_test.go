package web

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/web/api"
)

// contract is openapi.yaml as a program reads it.
var contract = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(api.Contract) })

func readContract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := contract()
	require.NoError(t, err)
	return doc
}

// operationsOf lists the contract's operations as "GET /api/labs/{lab}".
func operationsOf(doc *openapi3.T) map[string]*openapi3.Operation {
	all := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			all[method+" "+path] = op
		}
	}
	return all
}

// fits requires that an answer is what the contract says of its operation.
func fits(t *testing.T, operation string, status int, body []byte) {
	t.Helper()
	op := operationsOf(readContract(t))[operation]
	require.NotNil(t, op, operation)
	said := op.Responses.Status(status)
	if said == nil {
		said = op.Responses.Default()
	}
	require.NotNil(t, said, "%s says nothing of %d", operation, status)
	var value any
	require.NoError(t, json.Unmarshal(body, &value), "%s", body)
	require.NoError(t, said.Value.Content.Get("application/json").Schema.Value.VisitJSON(value), "%s answered %d", operation, status)
}

func TestTheContractIsSound(t *testing.T) {
	doc := readContract(t)
	require.NoError(t, doc.Validate(t.Context()))
	ids := map[string]bool{}
	for name, op := range operationsOf(doc) {
		require.NotEmpty(t, op.Summary, name)
		require.False(t, ids[op.OperationID], "two operations are called %s", op.OperationID)
		ids[op.OperationID] = true
	}
}

// pages are the routes that are no operations: they are for people.
var pages = []string{"GET /", "GET /labs/:lab", "GET /join", "GET /assets/*"}

func TestContractRoutesAndPolicyAreTheSame(t *testing.T) {
	s := console(t)
	braces := regexp.MustCompile(`:(\w+)`)
	served := map[string]policy{}
	for _, r := range s.table {
		if name := r.method + " " + r.path; !slices.Contains(pages, name) {
			served[r.method+" "+braces.ReplaceAllString(r.path, "{$1}")] = r.policy
		}
	}
	said := operationsOf(readContract(t))
	require.ElementsMatch(t, slices.Collect(maps.Keys(said)), slices.Collect(maps.Keys(served)))
	for name, op := range said {
		open := op.Security != nil && len(*op.Security) == 0
		require.Equal(t, served[name] == public || served[name] == entry, open, "%s: who may ask", name)
	}
	for name := range policies {
		require.Contains(t, served, braces.ReplaceAllString(name, "{$1}"), "the policy of nothing")
	}
}

func TestAnOperationWithoutAPolicyKeepsTheConsoleFromStarting(t *testing.T) {
	kept := policies["GET /api/verbs"]
	delete(policies, "GET /api/verbs")
	defer func() { policies["GET /api/verbs"] = kept }()
	require.PanicsWithValue(t, "web: GET /api/verbs has no policy", func() { New(Config{Lab: console(t).cfg.Lab}) })
}

// kinds says how an argument of each kind is written in JSON.
var kinds = map[string]string{
	playground.KindNode: "string", playground.KindGroups: "array", playground.KindInt: "integer", playground.KindFloat: "number",
	playground.KindMillis: "integer", playground.KindText: "string", playground.KindWord: "string", playground.KindSlots: "string",
	playground.KindFlag: "boolean", playground.KindMoveMode: "string", playground.KindDisk: "string", playground.KindFailover: "string",
	playground.KindTopology: "string", playground.KindYesNo: "string",
}

// actionSchemas are the requests of all verbs in the contract.
func actionSchemas(t *testing.T) map[string]*openapi3.Operation {
	t.Helper()
	verbs := map[string]*openapi3.Operation{}
	for name, op := range operationsOf(readContract(t)) {
		if verb, ok := strings.CutPrefix(name, "POST /api/labs/{lab}/actions/"); ok {
			verbs[verb] = op
		}
	}
	return verbs
}

func TestTheContractKnowsEveryVerbAndNoOther(t *testing.T) {
	said := actionSchemas(t)
	for _, spec := range playground.Verbs() {
		op := said[spec.Verb]
		require.NotNil(t, op, "%s is not in web/api/openapi.yaml", spec.Verb)
		delete(said, spec.Verb)
		require.Equal(t, spec.Help, op.Summary, spec.Verb)
		require.Equal(t, []string{"actions"}, op.Tags)
		require.Equal(t, slices.ContainsFunc(spec.Args, func(a playground.Arg) bool { return a.Required }), op.RequestBody.Value.Required, spec.Verb)
		schema := op.RequestBody.Value.Content.Get("application/json").Schema.Value
		require.False(t, *schema.AdditionalProperties.Has, "%s takes what it does not know", spec.Verb)
		sameArguments(t, spec, schema)
	}
	require.Empty(t, said, "verbs of the contract that no lab has")
}

// sameArguments compares a verb's arguments with the contract's, both ways.
func sameArguments(t *testing.T, spec playground.Spec, schema *openapi3.Schema) {
	t.Helper()
	var names, needed []string
	for _, a := range spec.Args {
		names = append(names, a.Name)
		if a.Required {
			needed = append(needed, a.Name)
		}
		p := schema.Properties[a.Name]
		require.NotNil(t, p, "%s: %s is not in web/api/openapi.yaml", spec.Verb, a.Name)
		require.Equal(t, a.Kind, p.Value.Extensions["x-kind"], "%s: %s", spec.Verb, a.Name)
		require.True(t, p.Value.Type.Is(kinds[a.Kind]), "%s: %s is a %s", spec.Verb, a.Name, kinds[a.Kind])
		require.Equal(t, a.Help, p.Value.Description, "%s: %s", spec.Verb, a.Name)
		if values := strings.Split(a.Kind, "|"); len(values) > 1 {
			require.Equal(t, values, asStrings(p.Value.Enum), "%s: %s", spec.Verb, a.Name)
		}
	}
	require.ElementsMatch(t, names, slices.Collect(maps.Keys(schema.Properties)), spec.Verb)
	require.ElementsMatch(t, needed, requiredBy(schema), spec.Verb)
}

// requiredBy is what a schema asks for; of slots and count either will do, and slots speaks for both.
func requiredBy(schema *openapi3.Schema) []string {
	needed := slices.Clone(schema.Required)
	if len(schema.AnyOf) > 0 {
		needed = append(needed, schema.AnyOf[0].Value.Required...)
	}
	return needed
}

func asStrings(values []any) (list []string) {
	for _, v := range values {
		s, _ := v.(string)
		list = append(list, s)
	}
	return list
}

func TestTheContractAcceptsEveryVerbsExampleAndNothingElse(t *testing.T) {
	for _, spec := range playground.Verbs() {
		schema := actionSchemas(t)[spec.Verb].RequestBody.Value.Content.Get("application/json").Schema.Value
		words := strings.Fields(spec.Example)
		action, err := playground.Parse(words[0], words[1:])
		require.NoError(t, err)
		body, err := json.Marshal(action)
		require.NoError(t, err)
		var value map[string]any
		require.NoError(t, json.Unmarshal(body, &value))
		require.NoError(t, schema.VisitJSON(value), "%s %s", spec.Verb, body)
		value["nonsense"] = 1
		require.Error(t, schema.VisitJSON(value), spec.Verb)
		if needed := requiredBy(schema); len(needed) > 0 {
			require.Error(t, schema.VisitJSON(map[string]any{}), spec.Verb)
		}
	}
}

func TestAnswersAreWhatTheContractSays(t *testing.T) {
	s := console(t)
	for name, op := range operationsOf(readContract(t)) {
		method, path, _ := strings.Cut(name, " ")
		for _, who := range []map[string]string{nil, {"Authorization": "Bearer " + testToken}} {
			if method != http.MethodGet && who != nil {
				continue // what acts is asked one by one elsewhere
			}
			resp := ask{method: method, path: concrete(strings.NewReplacer("{", ":", "}", "").Replace(path)), header: who}.send(t, s)
			data, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			locked := op.Security == nil && (who == nil || op.Responses.Status(http.StatusSwitchingProtocols) != nil) // a socket wants a ticket too
			require.Equal(t, locked, resp.StatusCode == http.StatusUnauthorized, "%s %d", name, resp.StatusCode)
			if op.Responses.Status(resp.StatusCode) != nil && op.Responses.Status(resp.StatusCode).Value.Content.Get("application/json") == nil {
				continue
			}
			if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
				fits(t, name, resp.StatusCode, data)
			}
		}
	}
}

func TestAParameterThatCannotBeReadIsNamed(t *testing.T) {
	s := console(t)
	resp := ask{method: "GET", path: "/api/labs/main/history?from=yesterday", header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	require.Equal(t, "from", problemOf(t, resp).Field)
}
