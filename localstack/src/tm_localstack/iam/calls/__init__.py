"""What each call of AWS's needs: actions, on which resources, in which context."""
