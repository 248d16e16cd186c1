stands in for course_geometry.py
