package playground

import "encoding/json"

// NodesNamed are the nodes that an action names, in the order of its arguments; what stands for
// others ("*", "rest") is among them as it is written.
func NodesNamed(a Action) []string {
	if a == nil {
		return nil
	}
	spec, err := specOf(a.Verb())
	body, err2 := json.Marshal(a)
	given := map[string]any{}
	if err != nil || err2 != nil || json.Unmarshal(body, &given) != nil {
		return nil
	}
	var names []string
	for _, arg := range spec.Args {
		if arg.Kind == KindNode || arg.Kind == KindGroups {
			names = gather(names, given[arg.Name])
		}
	}
	return names
}

// gather takes the texts out of a value and the lists in it.
func gather(into []string, value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" {
			into = append(into, v)
		}
	case []any:
		for _, one := range v {
			into = gather(into, one)
		}
	}
	return into
}
