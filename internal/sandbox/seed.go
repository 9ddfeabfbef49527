package sandbox

import "time"

// avatarPNG is a picture of one pixel, in base64 as avatars are on the wire.
const avatarPNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const kittiMapping = `source,target
Car,vehicle
Van,vehicle
Truck,vehicle
Pedestrian,person
Person_sitting,person
Cyclist,cyclist
DontCare,
`

const signMapping = `source,target
stop,regulatory
yield,regulatory
curve_left,warning
curve_right,warning
`

// seed fills an empty sandbox with the same examples each time: organizations of
// teams that build cars, two of them of one name, their files and members.
func (s *Server) seed() {
	car := s.AddOrganization(Organization{
		Name: "Car Perception", CreatedAt: seedDate(2022, time.March, 1), TimeUsed: 84210,
	})
	driver := s.AddOrganization(Organization{
		Name: "Driver Monitoring", CreatedAt: seedDate(2022, time.September, 19), TimeUsed: 1250,
		Settings: map[string]any{
			"disabledFeatures": []string{"ROBUSTNESS"},
			"maxItemCount":     250, "maxTimeAllocated": 72000, "maxTimePerTask": 7200,
		},
	})
	maps := s.AddOrganization(Organization{
		Name: "Map Making", CreatedAt: seedDate(2023, time.January, 10), TimeUsed: 512000,
		Stats: Stats{DatasetStorage: 5368709120, ProjectStorage: 734003200},
		Settings: map[string]any{
			"disabledFeatures": []string{"ADV_CRAFTING", "EVALUATION"},
			"maxItemCount":     50000, "maxTimeAllocated": 720000, "maxTimePerTask": 36000,
			"retentionDays": 90,
		},
	})
	research := s.AddOrganization(Organization{Name: "Vision Research", CreatedAt: seedDate(2023, time.June, 5)})
	s.AddOrganization(Organization{Name: "Vision Research", CreatedAt: seedDate(2024, time.February, 29)})
	s.SetPendingStats(maps.ID, Stats{DatasetStorage: 5905580032, ProjectStorage: 734003200})
	s.seedFiles(car.ID, maps.ID, research.ID)
	s.seedMembers(car, driver, maps)
}

func seedDate(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func (s *Server) seedFiles(car, maps, research int64) {
	dataset := int64(7)
	s.AddFile(car, File{
		Ref: "5f0c2a52-7a0e-4b0f-9d3c-2f6a1c7e9b10", Name: "kitti-classes.csv", ContentType: "text/csv",
		DatasetID: &dataset, Content: []byte(kittiMapping), ProjectIDs: []int64{11, 12},
	})
	s.AddFile(maps, File{
		Ref: "8d1e6f0b-3c44-4f57-8f0e-61b2d9a7c320", Name: "traffic-signs.csv", ContentType: "text/csv",
		Content: []byte(signMapping),
	})
	s.AddFile(research, File{
		Ref: "c2b7d9e4-1f35-4a68-b1de-0a9c5e8f7d31", Name: "klassen-größen.csv", ContentType: "text/csv",
		Content: []byte("source,target\nPKW,vehicle\nFußgänger,person\n"),
	})
}

func (s *Server) seedMembers(car, driver, maps Organization) {
	anna := userByUID(AdminUID).member()
	anna["avatar"] = avatarPNG
	anna["timeUsed"] = 4200
	anna["lastLoginDateTime"] = dateTime(seedDate(2024, time.May, 2))
	tom := userByUID(UserUID).member()
	tom["lastLoginDateTime"] = dateTime(seedDate(2024, time.May, 17))
	tom["settings"] = map[string]any{"favoriteProjects": []int64{11, 12}, "notifications": false}
	mei := map[string]any{
		"id": 3, "uid": "mei.tanaka", "name": "Mei Tanaka", "email": "mei.tanaka@example.com", "roles": "ROLE_USER",
		"registered": false, "licenseAccepted": false, "timeUsed": 0,
		"settings": map[string]any{"favoriteProjects": []int64{}, "notifications": true},
	}
	s.SetMembers(car.ID, []map[string]any{anna, tom})
	s.SetMembers(driver.ID, []map[string]any{tom, mei})
	s.SetMembers(maps.ID, []map[string]any{anna})
}
