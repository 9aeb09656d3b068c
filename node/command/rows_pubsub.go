package command

// pubsubRows describes the commands about publish and subscribe.
var pubsubRows = []Command{
	{
		Name: "psubscribe", Arity: -2, Flags: PubSub | NoScript | Loading | Stale,
		Group: "pubsub", Since: "2.0.0", Complexity: "O(N)",
		Summary: "Listens to the channels that match patterns.",
		Syntax:  "pattern(pattern@pattern)*",
	},
	{
		Name: "publish", Arity: 3, Flags: PubSub | Loading | Stale | Fast | MayReplicate,
		Group: "pubsub", Since: "2.0.0", Complexity: "O(N+M)",
		Summary: "Sends a message to a channel.",
		Syntax:  "channel message",
	},
	{
		Name: "pubsub", Arity: -2,
		Group: "pubsub", Since: "2.8.0",
		Summary: "Commands about the state of publish and subscribe.",
		Subcommands: []*Command{
			{
				Name: "channels", Arity: -2, Flags: PubSub | Loading | Stale,
				Group: "pubsub", Since: "2.8.0", Complexity: "O(N)",
				Summary: "Lists the channels that somebody listens to.",
				Syntax:  "?pattern@pattern",
			},
			{
				Name: "help", Arity: 2, Flags: Loading | Stale,
				Group: "pubsub", Since: "6.2.0", Complexity: "O(1)",
				Summary: "Lists the subcommands.",
			},
			{
				Name: "numpat", Arity: 2, Flags: PubSub | Loading | Stale,
				Group: "pubsub", Since: "2.8.0", Complexity: "O(1)",
				Summary: "Counts the patterns that somebody listens to.",
			},
			{
				Name: "numsub", Arity: -2, Flags: PubSub | Loading | Stale,
				Group: "pubsub", Since: "2.8.0", Complexity: "O(N)",
				Summary: "Counts the listeners of channels.",
				Syntax:  "?channel*",
			},
			{
				Name: "shardchannels", Arity: -2, Flags: PubSub | Loading | Stale,
				Group: "pubsub", Since: "7.0.0", Complexity: "O(N)",
				Summary: "Lists the shard channels that somebody listens to.",
				Syntax:  "?pattern@pattern",
			},
			{
				Name: "shardnumsub", Arity: -2, Flags: PubSub | Loading | Stale,
				Group: "pubsub", Since: "7.0.0", Complexity: "O(N)",
				Summary: "Counts the listeners of shard channels.",
				Syntax:  "?shardchannel*",
			},
		},
	},
	{
		Name: "punsubscribe", Arity: -1, Flags: PubSub | NoScript | Loading | Stale,
		Group: "pubsub", Since: "2.0.0", Complexity: "O(N+M)",
		Summary: "Stops listening to patterns.",
		Syntax:  "?pattern@pattern*",
	},
	{
		Name: "spublish", Arity: 3, Flags: PubSub | Loading | Stale | Fast | MayReplicate,
		Keys:  []KeySpec{one(1, NotKey)},
		Group: "pubsub", Since: "7.0.0", Complexity: "O(N)",
		Summary: "Sends a message to a shard channel.",
		Syntax:  "shardchannel message",
	},
	{
		Name: "ssubscribe", Arity: -2, Flags: PubSub | NoScript | Loading | Stale,
		Keys:  []KeySpec{span(1, -1, 1, NotKey)},
		Group: "pubsub", Since: "7.0.0", Complexity: "O(N)",
		Summary: "Listens to shard channels.",
		Syntax:  "shardchannel*",
	},
	{
		Name: "subscribe", Arity: -2, Flags: PubSub | NoScript | Loading | Stale,
		Group: "pubsub", Since: "2.0.0", Complexity: "O(N)",
		Summary: "Listens to channels.",
		Syntax:  "channel*",
	},
	{
		Name: "sunsubscribe", Arity: -1, Flags: PubSub | NoScript | Loading | Stale,
		Keys:  []KeySpec{span(1, -1, 1, NotKey)},
		Group: "pubsub", Since: "7.0.0", Complexity: "O(N)",
		Summary: "Stops listening to shard channels.",
		Syntax:  "?shardchannel*",
	},
	{
		Name: "unsubscribe", Arity: -1, Flags: PubSub | NoScript | Loading | Stale,
		Group: "pubsub", Since: "2.0.0", Complexity: "O(N)",
		Summary: "Stops listening to channels.",
		Syntax:  "?channel*",
	},
}
