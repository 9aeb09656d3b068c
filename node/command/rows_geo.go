package command

// The parts of syntax that the commands about places share.
const (
	geoUnit    = "unit(M | KM | FT | MI)"
	geoWith    = " ?WITHCOORD ?WITHDIST ?WITHHASH"
	geoCount   = " ?count(COUNT: count@int ?ANY)"
	geoOrder   = " ?order(ASC | DESC)"
	geoStore   = " ?STORE: key@key1 ?STOREDIST: key@key2"
	geoPlace   = "longitude_latitude(longitude@double latitude@double)"
	geoFrom    = " from(FROMMEMBER: member | FROMLONLAT: " + geoPlace + ")"
	geoByShape = " by(circle(BYRADIUS: radius@double " + geoUnit + ") | box(BYBOX: width@double height@double " + geoUnit + "))"
	geoCost    = "O(N+log(M)) with N places in the cells around and M in all"
)

// geoRows describes the commands about places on the earth.
var geoRows = []Command{
	{
		Name: "geoadd", Arity: -5, Flags: Write | DenyOOM,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RW|Update)},
		Group:      "geo", Since: "3.2.0", Complexity: "O(log(N)) for each place",
		Summary: "Adds places to a sorted set, or moves them.",
		Syntax:  "key@key ?condition(NX | XX) ?CH=change longitude_latitude_member(longitude@double latitude@double member)*",
	},
	{
		Name: "geodist", Arity: -4, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "3.2.0", Complexity: "O(log(N))",
		Summary: "Tells the distance between two places.",
		Syntax:  "key@key member1 member2 ?" + geoUnit,
	},
	{
		Name: "geohash", Arity: -2, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "3.2.0", Complexity: "O(log(N)) for each place",
		Summary: "Tells places as geohash.org writes them.",
		Syntax:  "key@key member*",
	},
	{
		Name: "geopos", Arity: -2, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "3.2.0", Complexity: "O(N)",
		Summary: "Tells the longitudes and latitudes of places.",
		Syntax:  "key@key member*",
	},
	{
		Name: "georadius", Arity: -6, Flags: Write | DenyOOM | MovableKeys,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access), behind("STORE", 6, 0, OW|Update), behind("STOREDIST", 6, 0, OW|Update)},
		Group:      "geo", Since: "3.2.0", Complexity: geoCost,
		Deprecated: &Deprecation{"6.2.0", "GEOSEARCH and GEOSEARCHSTORE with the BYRADIUS argument"},
		Summary:    "Finds places within a radius of a point, and may store them.",
		Syntax:     "key@key longitude@double latitude@double radius@double " + geoUnit + geoWith + geoCount + geoOrder + geoStore,
	},
	{
		Name: "georadius_ro", Arity: -6, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "3.2.10", Complexity: geoCost,
		Deprecated: &Deprecation{"6.2.0", "GEOSEARCH with the BYRADIUS argument"},
		Summary:    "Finds places within a radius of a point.",
		Syntax:     "key@key longitude@double latitude@double radius@double " + geoUnit + geoWith + geoCount + geoOrder,
	},
	{
		Name: "georadiusbymember", Arity: -5, Flags: Write | DenyOOM | MovableKeys,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access), behind("STORE", 5, 0, OW|Update), behind("STOREDIST", 5, 0, OW|Update)},
		Group:      "geo", Since: "3.2.0", Complexity: geoCost,
		Deprecated: &Deprecation{"6.2.0", "GEOSEARCH and GEOSEARCHSTORE with the BYRADIUS and FROMMEMBER arguments"},
		Summary:    "Finds places within a radius of another, and may store them.",
		Syntax:     "key@key member radius@double " + geoUnit + geoWith + geoCount + geoOrder + geoStore,
	},
	{
		Name: "georadiusbymember_ro", Arity: -5, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "3.2.10", Complexity: geoCost,
		Deprecated: &Deprecation{"6.2.0", "GEOSEARCH with the BYRADIUS and FROMMEMBER arguments"},
		Summary:    "Finds places within a radius of another.",
		Syntax:     "key@key member radius@double " + geoUnit + geoWith + geoCount + geoOrder,
	},
	{
		Name: "geosearch", Arity: -7, Flags: ReadOnly,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "geo", Since: "6.2.0", Complexity: geoCost,
		Summary: "Finds places within a circle or a box.",
		Syntax:  "key@key" + geoFrom + geoByShape + geoOrder + geoCount + geoWith,
	},
	{
		Name: "geosearchstore", Arity: -8, Flags: Write | DenyOOM,
		Categories: CategoryGeo,
		Keys:       []KeySpec{one(1, OW|Update), one(2, RO|Access)},
		Group:      "geo", Since: "6.2.0", Complexity: geoCost,
		Summary: "Finds places within a circle or a box and stores them.",
		Syntax:  "destination@key source@key1" + geoFrom + geoByShape + geoOrder + geoCount + " ?STOREDIST",
	},
}
