import {
  to = guardai_transform.fog
  id = "42/1001?source=./fog.py"
}
